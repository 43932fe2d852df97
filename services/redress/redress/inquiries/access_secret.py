"""Numbers and secrets by which an inquiry is opened: no account, and never a number with a birth date alone."""

import hmac
import secrets
from typing import Final

#: Letters and digits that cannot be taken for one another, when read aloud or typed; 31 of them, a prime.
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CONTROL_LENGTH: Final = 9
#: 21 letters of 31 are 104 bits.
_SECRET_LENGTH: Final = 21
_SALT_BYTES: Final = 16


def new_control_number() -> str:
    """A Redress Control Number, which nobody can guess from another."""
    return "".join(secrets.choice(LETTERS) for _ in range(_CONTROL_LENGTH))


def new_salt() -> str:
    """What a secret is made from, with the service's key; 128 random bits in hexadecimal."""
    return secrets.token_hex(_SALT_BYTES)


def secret_of(key: bytes, salt: str) -> str:
    """The secret of an access: 104 bits, and a check character by which a slip of the pen is known.

    It is made again whenever it is to be sent, so that it is kept nowhere: neither the database nor the key alone
    has it.
    """
    number = int.from_bytes(hmac.digest(key, b"redress/secret/" + salt.encode(), "sha512"))
    letters = []
    for _ in range(_SECRET_LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters) + _check_character("".join(letters))


def typed(text: str) -> str:
    """What somebody typed as a number or a secret: capital letters and digits only."""
    return "".join(character for character in text.upper() if character not in " -\t")


def is_whole(secret: str) -> bool:
    """Whether a secret, as ``typed`` gives it, has its check character: one wrong letter, or two swapped, shows."""
    right = len(secret) == _SECRET_LENGTH + 1 and all(letter in LETTERS for letter in secret)
    return right and secret[-1] == _check_character(secret[:-1])


def access_digest(key: bytes, control_number: str, secret: str) -> str:
    """Keyed hash of a number with its secret, by which an access is found: the same work when there is none."""
    told = f"{control_number}\x1f{secret}".encode()
    return hmac.digest(key, b"redress/access/" + told, "sha256").hex()


def _check_character(letters: str) -> str:
    """The letter that makes the weighted sum right; with a prime many letters every weight tells its place."""
    return LETTERS[sum(weight * LETTERS.index(letter) for weight, letter in enumerate(letters, 1)) % len(LETTERS)]
