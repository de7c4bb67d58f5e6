"""What the tests share: `--update`, and the folders of specs and layouts."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
LAYOUTS = (TESTS / "layouts", ROOT / "templates")
SPECS = sorted(path for path in (ROOT / "specs").rglob("*.yaml") if path.parent.name != "projects")
EXAMPLES = sorted((ROOT / "templates").rglob("example.yaml"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the expectations; the diff is the review")


SKIPPED: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and os.environ.get("CI"):
        SKIPPED.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing may be skipped."""
    if SKIPPED:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def expect(request: pytest.FixtureRequest):
    """Compare a text with the expectation in a file, or write it there with --update."""

    def check(text: str, path: Path) -> None:
        if request.config.getoption("--update"):
            path.write_text(text, "utf-8", newline="")
        assert text == path.read_text("utf-8")

    return check


def tool(name: str) -> str:
    """The path of an outside program; where it is missing the test is skipped, or fails in CI."""
    path = shutil.which(name)
    if path is None and os.environ.get("CI"):
        pytest.fail(f"{name} is not installed")
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path
