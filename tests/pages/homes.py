"""A household on a store of its own, and what can be read on a page; for the tests of the household and of saving."""

from datetime import timedelta
from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.household import HouseholdDocument, dump_household, household_of, parse_household
from core.store import Store
from pages.shared import keeping, session

APP = str(Path(__file__).parents[2] / "app.py")
PAGE = "pages/household/page.py"
FIRST = session.samples()[0]


def visit(language: str = "zh") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params["lang"] = language
    return app.run()


def opened(document: HouseholdDocument, language: str = "zh", section: str = "debts") -> AppTest:
    """Visit the household page of a household that is kept already."""
    keeping.store().create(dump_household(document).encode())
    app = visit(language)
    app.switch_page(PAGE).run()
    if section != "debts":
        app.button_group(key="household.section").set_value(section).run()
    assert not app.exception
    return app


def own(days_ago: int = 1) -> HouseholdDocument:
    """Give a household that was entered some days ago and is no example."""
    plan = session.sample_plan(FIRST)
    shifted = session.today() - timedelta(days_ago)
    debts = tuple(
        debt.model_copy(update={"bills": (), "penalty": 0} if debt.kind == "instalment" else {"statements": ()})
        for debt in plan.debts
    )
    return household_of(plan.model_copy(update={"as_of": shifted, "debts": debts}))


def kept() -> HouseholdDocument:
    """Read what is on the disk, with a store of its own."""
    with Store.open() as store:
        found = store.default_document()
        assert found is not None
        return parse_household(store.latest(found).document)


def texts(app: AppTest) -> list[str]:
    return [
        element.value for kind in (app.title, app.header, app.subheader, app.markdown, app.caption) for element in kind
    ]
