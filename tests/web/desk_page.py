"""A filing with the example's workbook in it, served to a browser, and what its sheets hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from juesuan.web.filing.filings import content_of
from juesuan.web.infra.models import Filing

from .chromium import served
from .conftest import City
from .filling import begin, fill_in, open_season


@pytest.fixture
def desk(city: City) -> Iterator[tuple[City, str]]:
    """A filing with the example's workbook in it, served; its address."""
    open_season(city)
    _, place = begin(city)
    fill_in(city, place)
    with served(city.application) as root:
        yield city, root + place


def cells_of(city: City, sheet: str) -> list[dict[str, str]]:
    """The cells of the lines of one sheet of the one filing there is."""
    with city.site.database.reading() as session:
        page = content_of(session.scalars(select(Filing)).one()).page(sheet)
    return [line.cells for line in page.lines]


def single_of(city: City, key: str, sheet: str = "三公经费") -> str:
    with city.site.database.reading() as session:
        return content_of(session.scalars(select(Filing)).one()).page(sheet).cells.get(key, "")
