"""Values keep their place and their form, whatever is around them."""

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st
from perfc import Source, Sources
from perfc.load import Map, Number, Seq, Text, load, part, texts

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"]), max_size=20
)


def read(text: str) -> Map:
    value, found = load("x.yaml", Sources({"x.yaml": Source("x.yaml", text)}))
    assert found == ()
    return value


def quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def cut(text: str, span: object) -> str:
    return text[span.start : span.end]


@given(st.lists(WORDS, min_size=1), st.sampled_from(["\n", "\r\n"]))
def test_spans_cut_the_text_that_was_written(words: list[str], end: str) -> None:
    text = end.join(["甲:  # 注", *(f"  - {quoted(word)}  # 注" for word in words), "乙: {丙: 1.50}", ""])
    value = read(text)
    assert value["甲"] == words
    for word, span in zip(value["甲"], value["甲"].value_spans, strict=True):
        assert word.span == span
        assert cut(text, span) == quoted(word)
    assert cut(text, value.key_spans["乙"]) == "乙"
    assert cut(text, value["乙"].value_spans["丙"]) == "1.50"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4))
@example(Decimal("4.50"))
@example(Decimal("0.0000"))
def test_numbers_print_as_they_were_written(number: Decimal) -> None:
    written = format(number, "f")
    value = read(f"数: {written}\n")["数"]
    assert isinstance(value, Number)
    assert (str(value), value) == (written, number)


def test_only_plain_numbers_and_words_are_special() -> None:
    plain = [
        "no",
        "on",
        "Yes",
        "12:30",
        "010",
        "1_000",
        "2024-01-01",
        "1e3",
        ".5",
        "5.",
        "0x1F",
        "+1",
        "True",
        "NULL",
        "=",
        "<<",
    ]
    value = read("".join(f"- {one}\n" for one in plain).join(["列:\n", ""]))
    assert value["列"] == plain
    assert all(isinstance(one, Text) for one in value["列"])
    assert read("甲: true\n乙: false\n丙: null\n丁: ~\n戊:\n") == {"甲": True, "乙": False}


def test_an_empty_value_keeps_its_key() -> None:
    text = "甲:\n乙: 1\n"
    assert cut(text, read(text).key_spans["甲"]) == "甲"


def test_included_files_come_in_the_order_of_their_names(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("10.yaml", "02.yaml", "01.yaml"):
        (tmp_path / name).write_text(f"名: '{name}'\n", "utf-8")
    (tmp_path / "main.yml").write_text("列: {引用: '*.yaml'}\n", "utf-8-sig")
    value, found = load("main.yml", Sources())
    assert found == ()
    assert isinstance(value["列"], Seq)
    assert [(one["名"], one.span.file) for one in value["列"]] == [
        (name,) * 2 for name in ("01.yaml", "02.yaml", "10.yaml")
    ]


@given(st.lists(WORDS.filter(str.strip), min_size=1, max_size=4), st.data())
def test_parts_of_block_texts_are_found_in_the_source(lines: list[str], data: st.DataObject) -> None:
    body = [line.strip() for line in lines]
    text = "键: |\n" + "".join(f"    {line}\n" for line in body) + "后: 1\n"
    value = read(text)["键"]
    start = data.draw(st.integers(0, len(value) - 1))
    end = data.draw(st.integers(start + 1, len(value)))
    span = part(value, start, end, Source("x.yaml", text))
    assert "".join(cut(text, span).split()) == "".join(value[start:end].split()) or value[start].isspace()


def test_parts_of_quoted_and_folded_texts() -> None:
    text = "甲: '它''说：共{{ 数 }}万元'\n乙: 第一行\n  第二行{{ 数 }}\n丙: \"\\u4e2d{{ 数 }}\"\n"
    for value in texts(read(text)):
        start = value.index("{{")
        span = part(value, start, start + 7, Source("x.yaml", text))
        assert cut(text, span) in ("{{ 数 }}", '"\\u4e2d{{ 数 }}"')


@given(st.text(max_size=200))
@example("a: [b, {c: d}, 'e\n")
@example("- - - ? : &a *a")
def test_no_text_makes_it_fail(text: str) -> None:
    value, found = load("x.yaml", Sources({"x.yaml": Source("x.yaml", text)}))
    assert isinstance(value, Map) or found


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(tmp_path_factory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "x.yaml"
    path.write_bytes(content)
    value, found = load(path.as_posix(), Sources())
    assert isinstance(value, Map) or found
