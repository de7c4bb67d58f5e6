"""Points and grades come out as the regulations say."""

from decimal import Decimal

import pytest
from perfc import scoring

BANDS = [{"不低于": "95%", "得": "100%"}, {"不低于": "80%", "得": "80%"}, {"不低于": "60%", "得": "50%"}]
GRADES = [{"名称": "优", "不低于": 90}, {"名称": "良", "不低于": Decimal("79.5")}, {"名称": "差", "不低于": 0}]


@pytest.mark.parametrize(
    ("rate", "how", "points"),
    [
        *[
            ("100", "比例", "10"),
            ("165.15", "比例", "10"),
            ("98.5", "比例", "9.85"),
            ("0", "比例", "0"),
            ("-5", "比例", "0"),
        ],
        *[("95", BANDS, "10"), ("94.99", BANDS, "8"), ("60", BANDS, "5"), ("59.99", BANDS, "0")],
    ],
)
def test_execution(rate, how, points) -> None:
    assert scoring.execution(Decimal(10), Decimal(rate), how) == Decimal(points)


@pytest.mark.parametrize(
    ("target", "actual", "ceiling", "points"),
    [
        *[
            ("300", "240", False, "8"),
            ("300", "300", False, "10"),
            ("300", "900", False, "10"),
            ("300", "0", False, "0"),
        ],
        *[("2", "2.5", True, "8"), ("2", "2", True, "10"), ("2", "0", True, "10"), ("0", "1", True, "0")],
        *[("0", "0", False, "10"), ("0", "0", True, "10"), ("10", "-5", False, "0"), ("-5", "-10", False, "0")],
    ],
)
def test_result(target, actual, ceiling, points) -> None:
    assert scoring.result(Decimal(10), Decimal(target), Decimal(actual), ceiling=ceiling) == Decimal(points)


@pytest.mark.parametrize(
    ("target", "actual", "how", "ceiling", "points"),
    [
        *[("300", "240", "比例", False, "8"), ("2", "2.5", "比例", True, "8")],
        *[("300", "300", "是否", False, "10"), ("300", "299", "是否", False, "0")],
        *[("2", "2", "是否", True, "10"), ("2", "2.01", "是否", True, "0"), ("0", "0", "是否", True, "10")],
        # 285/300 = 95 %, 284/300 = 94.67 %, 240/300 = 80 %, 179/300 = 59.67 %; for a ceiling 2/2.5 = 80 %, 2/4 = 50 %
        *[("300", "285", BANDS, False, "10"), ("300", "284", BANDS, False, "8"), ("300", "240", BANDS, False, "8")],
        *[("300", "179", BANDS, False, "0"), ("300", "900", BANDS, False, "10")],
        *[("2", "2.5", BANDS, True, "8"), ("2", "4", BANDS, True, "0"), ("2", "1", BANDS, True, "10")],
    ],
)
def test_quantitative(target, actual, how, ceiling, points) -> None:
    assert scoring.quantitative(Decimal(10), Decimal(target), Decimal(actual), how, ceiling=ceiling) == Decimal(points)


def test_ranges_of_a_qualitative_row() -> None:
    bands = [{"完成": "好", "不低于": "80%"}, {"完成": "中", "不低于": "60%"}, {"完成": "差", "不低于": "0%"}]
    assert list(scoring.ranges(Decimal(15), bands)) == [("好", 12, 15), ("中", 9, 12), ("差", 0, 9)]


def test_deviation_and_grades() -> None:
    assert scoring.deviation(Decimal(300), Decimal(240)) == -20
    assert scoring.deviation(Decimal(-4), Decimal(-5)) == -25
    scores = ("100", "90", "89.99", "79.5", "79.49", "-1")
    assert [scoring.grade(Decimal(one), GRADES) for one in scores] == ["优", "优", "良", "良", "差", None]
    assert [scoring.shown(Decimal(one)) for one in ("10.00", "9.855", "0")] == ["10", "9.86", "0"]
