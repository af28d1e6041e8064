"""A year opened wrongly: corrected or taken back until something was filed."""

from __future__ import annotations

from sqlalchemy import select

from juesuan.web.infra.models import Filing, Season

from .conftest import ONE_ENGINE, City
from .filling import begin, fill_in, open_season, save, take
from .samples import UNIT


def _season(city: City) -> Season | None:
    with city.site.database.reading() as session:
        return session.scalars(select(Season)).first()


@ONE_ENGINE
def test_a_wrong_profile_is_corrected_and_a_wrong_year_taken_back(city: City):
    open_season(city, 2023, "national")
    reviewer = city.browser("reviewer")
    assert "更正口径" in reviewer.get("/seasons").text
    assert "口径应从列表中选择" in reviewer.post("/seasons/profile", {"year": "2023", "profile": "nowhere"}).text
    assert reviewer.post("/seasons/end", {"year": "2023"}).status_code == 303
    assert _season(city) is None
    assert "没有这个年度" in reviewer.post("/seasons/end", {"year": "2023"}).text
    open_season(city, 2022, "national")
    assert reviewer.post("/seasons/profile", {"year": "2022", "profile": "wuhan-2022"}).status_code == 303
    season = _season(city)
    assert season and season.profile == "wuhan-2022"
    assert city.browser("editor").post("/seasons/profile", {"year": "2022", "profile": "national"}).status_code == 403
    page = city.browser("inspector").get("/audit?action=season.change").text
    assert "口径：全国通用（部门决算公开表式） → 武汉市 2022 年度" in page


@ONE_ENGINE
def test_what_units_have_done_is_not_taken_from_under_them(city: City):
    open_season(city, 2022, "national")
    browser, address = begin(city)
    reviewer = city.browser("reviewer")
    reviewer.get("/seasons")
    assert "已有 1 个单位开始填报，不能撤销" in reviewer.post("/seasons/end", {"year": "2022"}).text
    fill_in(city, address)
    save(browser, address, "单位信息", **{"0.name": ("武汉市人力资源和社会保障信息中心", UNIT)})
    with city.site.database.reading() as session:
        before = session.scalars(select(Filing.content)).one()
    assert reviewer.post("/seasons/profile", {"year": "2022", "profile": "wuhan-2022"}).status_code == 303
    with city.site.database.reading() as session:
        assert session.scalars(select(Filing.content)).one() == before
    assert take(city, "editor", address, "submit").status_code == 303
    told = reviewer.post("/seasons/profile", {"year": "2022", "profile": "national"})
    assert told.status_code == 400 and "已有 1 个单位送审，口径不能再改" in told.text
    assert "1 个单位送审过，不能再改" in reviewer.get("/seasons").text
