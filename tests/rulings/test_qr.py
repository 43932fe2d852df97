"""The QR code of a token: what a reader finds in it, and what those hear who do not see it."""

import io
from xml.etree import ElementTree

import pytest
import segno
import typst
import zxingcpp
from PIL import Image
from tests.rulings.claims import FACTS, SETTLED, claims, new_key, public

from crossing.rulings.qr import qr_svg
from crossing.rulings.token import LONGEST_TOKEN, read_ruling, sign_ruling

KEY = new_key()
TOKEN = sign_ruling(claims(), KEY)
_SVG = "{http://www.w3.org/2000/svg}"
#: The image alone on a page, seven centimetres wide, as a printed letter shows it.
_PAGE = b'#set page(width: 7cm, height: 7cm, margin: 0cm)\n#image(bytes(sys.inputs.svg), format: "svg", alt: "QR")'


def seen(svg: str) -> list[zxingcpp.Barcode]:
    """What a reader finds on the printed image, at 200 points per inch."""
    page = typst.compile(_PAGE, sys_inputs={"svg": svg}, format="png", ppi=200)
    found: list[zxingcpp.Barcode] = zxingcpp.read_barcodes(Image.open(io.BytesIO(page)).convert("L"))
    return found


def test_a_ruling_with_25_requirements_and_25_material_facts_fits_and_reads() -> None:
    assert SETTLED == len(FACTS) == 25
    [code] = seen(qr_svg(TOKEN, "Ruling", "Its code"))
    print(f"{len(TOKEN)} characters, QR code {segno.make_qr(TOKEN, error='M').designator}")
    assert code.format == zxingcpp.BarcodeFormat.QRCode
    assert code.ec_level == "M"
    assert code.text == TOKEN
    assert len(read_ruling(code.text, public(KEY)).facts) == 25


def test_the_longest_token_fits_and_a_longer_one_does_not() -> None:
    longest = (TOKEN * 3)[:LONGEST_TOKEN]
    [code] = seen(qr_svg(longest, "Ruling", "Its code"))
    assert (code.text, code.ec_level) == (longest, "M")
    with pytest.raises(segno.DataOverflowError):
        qr_svg(longest + "A", "Ruling", "Its code")


def image_of(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - an image of our own making


def test_the_image_has_a_title_and_a_description_and_takes_the_size_it_is_given() -> None:
    image = image_of(qr_svg(TOKEN, "Décision <US> & 1", "À présenter à l’agent"))
    assert image.get("role") == "img"
    assert image.findtext(f"{_SVG}title") == "Décision <US> & 1"
    assert image.findtext(f"{_SVG}desc") == "À présenter à l’agent"
    assert image.get("viewBox")
    assert image.get("width") is None


def test_an_image_within_a_page_runs_and_loads_nothing() -> None:
    names = {each.tag.removeprefix(_SVG) for each in image_of(qr_svg(TOKEN, "<script>", "x")).iter()}
    assert names == {"svg", "title", "desc", "path"}
