"""A project code with a character lost, doubled, wrong or swapped, of another region or year, or used twice."""

import re

from hypothesis import strategies as st

CODE = re.compile(r'([ -]*项目编码: "?)([0-9A-Z]{21})("?)')
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def mutate(draw, lines: list[str]) -> int | None:
    places = [at for at, line in enumerate(lines) if CODE.match(line)]
    if not places:
        return None
    kind = draw(st.sampled_from(("lost", "doubled", "region", "year", "wrong", "swapped", "twice")))
    later = places[1:] if kind == "twice" or len(places) < 3 else places
    if not later:
        later, kind = places, "lost"
    at = draw(st.sampled_from(later))
    match = CODE.match(lines[at])
    code = match[2]
    one = draw(st.integers(8, 19))
    if kind == "lost":
        code = code[:one] + code[one + 1 :]
    elif kind == "doubled":
        code = code[:one] + code[one] + code[one:]
    elif kind == "region":
        code = other(draw, code, draw(st.integers(0, 5)), "0123456789")
    elif kind == "year":
        code = (
            f"{code[:6]}{draw(st.sampled_from([year for year in range(19, 30) if f'{year}' != code[6:8]]))}{code[8:]}"
        )
    elif kind == "twice":
        code = CODE.match(lines[draw(st.sampled_from([place for place in places if place < at]))])[2]
    elif kind == "swapped" and (pairs := [place for place in range(8, 20) if code[place] != code[place + 1]]):
        one = draw(st.sampled_from(pairs))
        code = code[:one] + code[one + 1] + code[one] + code[one + 2 :]
    else:
        code = other(draw, code, draw(st.integers(8, 20)), ALPHABET + "OIp")
    lines[at] = f"{match[1]}{code}{match[3]}{lines[at][match.end() :]}"
    return at


def other(draw, code: str, at: int, alphabet: str) -> str:
    return code[:at] + draw(st.sampled_from([one for one in alphabet if one != code[at]])) + code[at + 1 :]
