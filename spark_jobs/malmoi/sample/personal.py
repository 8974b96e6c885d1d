"""Invented personal data in the spellings that people use.

No number here can belong to a person. Resident numbers carry the place codes 96 to 99, which were never given out, or
(in the form of October 2020) a birth date in years when that form did not exist, with a wrong check digit. Mobile
numbers lie in the blocks 010-0xxx and 010-1xxx, which are not given to subscribers. Card numbers have test prefixes,
accounts a branch of zeros, addresses streets that do not exist, mail goes to the reserved domain ``example``.
"""

from random import Random

_RRN_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_HANGUL_DIGITS = "공일이삼사오육칠팔구"
_FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")


def _birth(rng: Random) -> tuple[str, int]:
    year = rng.randint(1951, 2009)
    return f"{year % 100:02d}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}", year


def _check(first12: str, base: int) -> int:
    """Check digit of resident (base 11) and foreigner numbers (base 13)."""
    return (base - sum(int(d) * w for d, w in zip(first12, _RRN_WEIGHTS, strict=True)) % 11) % 10


def resident(rng: Random) -> str:
    """A resident number with a valid check digit and a place code that does not exist."""
    birth, year = _birth(rng)
    first12 = f"{birth}{rng.choice('34' if year >= 2000 else '12')}{rng.randint(96, 99)}{rng.randint(100, 999)}"
    return f"{first12[:6]}-{first12[6:]}{_check(first12, 11)}"


def resident_2020(rng: Random) -> str:
    """The form without place code and check digit: here the check digit is always wrong."""
    birth, year = _birth(rng)
    first12 = f"{birth}{rng.choice('34' if year >= 2000 else '12')}{rng.randint(96000, 99999)}"
    return f"{first12[:6]}-{first12[6:]}{(_check(first12, 11) + rng.randint(1, 9)) % 10}"


def foreigner(rng: Random) -> str:
    birth, year = _birth(rng)
    first12 = f"{birth}{rng.choice('78' if year >= 2000 else '56')}{rng.randint(96, 99)}{rng.randint(100, 999)}"
    return f"{first12[:6]}-{first12[6:]}{_check(first12, 13)}"


def mobile(rng: Random, spelling: str = "-") -> str:
    """A mobile number; ``spelling``: a separator, ``hangul``, ``letters``, ``full``, ``abroad`` or ``none``."""
    middle, last = f"{rng.randint(100, 1999):04d}", f"{rng.randint(1000, 9999)}"
    plain = f"010-{middle}-{last}"
    special = {
        "hangul": "".join(_HANGUL_DIGITS[int(d)] if d.isdigit() else d for d in plain),
        "letters": f"O1O-{middle}-{last}",
        "full": plain.translate(_FULL_WIDTH),
        "abroad": f"+82 10 {middle} {last}",
        "none": plain.replace("-", ""),
    }
    return special.get(spelling) or plain.replace("-", spelling)


def landline(rng: Random) -> str:
    return f"{rng.choice(('02)', '031-', '(051)', '064-'))}{rng.randint(100, 199)}-{rng.randint(1000, 9999)}"


def card(rng: Random, separator: str = "-") -> str:
    """Sixteen digits that pass Luhn, behind a prefix of Korean test cards."""
    digits = f"94900000{rng.randint(0, 9_999_999):07d}"
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(digits))
    digits += str(-total % 10)
    return separator.join(digits[i : i + 4] for i in range(0, 16, 4))


def account(rng: Random) -> tuple[str, str]:
    """Bank and account number in that bank's layout, branch zero."""
    bank, layout = rng.choice(
        (("국민은행", (6, 2, 6)), ("신한은행", (3, 3, 6)), ("농협", (3, 4, 4, 2)), ("우체국", (6, 2, 6)))
    )
    parts = ["0" * layout[0], *(f"{rng.randint(1, 10**n - 1):0{n}d}" for n in layout[1:])]
    return bank, "-".join(parts)


def email(rng: Random, spelling: str = "plain") -> str:
    """An address in the reserved domain; ``spelling``: plain, at, hangul."""
    name = (
        f"{rng.choice(('bada', 'sol', 'haneul', 'gaon', 'narae', 'byeol'))}{rng.choice('._')}{rng.randint(100, 9999)}"
    )
    domain = rng.choice(("mail.example.com", "post.example.net", "example.org"))
    return {"plain": f"{name}@{domain}", "at": f"{name} [at] {domain}", "hangul": f"{name} 골뱅이 {domain}"}[spelling]


def passport(rng: Random) -> str:
    return f"M{rng.randint(100, 999)}{rng.choice('ABCDEFGH')}{rng.randint(1000, 9999)}"


def driver_license(rng: Random) -> str:
    return f"{rng.randint(11, 26)}-{rng.randint(0, 22):02d}-{rng.randint(900000, 999999)}-{rng.randint(10, 99)}"


def plate(rng: Random) -> str:
    return f"{rng.randint(100, 699)}{rng.choice('가나다라마거너더러머')} {rng.randint(1000, 9999)}"


def address(rng: Random) -> str:
    return f"경기도 가람시 누리구 말모이로{rng.randint(10, 98)}번길 {rng.randint(1, 60)}, {rng.randint(101, 120)}동 {rng.randint(101, 1905)}호"
