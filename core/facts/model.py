"""What a fact is, and how it answers for a date. Reading the files is `core.facts.loader`'s business."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias, TypeVar, cast

Kind: TypeAlias = Literal["law", "custom", "estimate"]
Certainty: TypeAlias = Literal["H", "M", "L"]
Scalar: TypeAlias = Decimal | int | bool | str | date | time
_T = TypeVar("_T")


class Text(NamedTuple):
    """A text in both languages."""

    zh: str
    en: str


class Span(NamedTuple):
    """A value that is a range: both ends included, each in the fact's unit."""

    low: Scalar
    high: Scalar


class Bracket(NamedTuple):
    """One row of a cumulative table: what is charged on the part of an amount above `above`, up to the next row.

    `above` and `flat` are fen. A row has either a flat sum or a rate; the other is 0.
    """

    above: int
    flat: int
    rate: Decimal


class Band(NamedTuple):
    """Days past due from `first` to `last`, both included; `last` is None in the open last band."""

    first: int
    last: int | None
    key: str


Value: TypeAlias = (
    Scalar
    | Text
    | Span
    | Mapping[str, Scalar]
    | tuple[Scalar, ...]
    | tuple[Text, ...]
    | tuple[Bracket, ...]
    | tuple[Band, ...]
)


@dataclass(frozen=True)
class Source:
    """Where facts come from.

    Attributes:
        mark: Its key, such as `L1`.
        title: What it is.
        text: How much of it was read: `full`, `excerpt`, or `none` (background knowledge, own computation).
        read: When.
        urls: Its addresses; some have none.
    """

    mark: str
    title: Text
    text: Literal["full", "excerpt", "none"]
    read: date
    urls: tuple[str, ...]


@dataclass(frozen=True)
class Dated:
    """A value of a fact, and from when on.

    Attributes:
        start: The date from which it applies or, with `first_seen`, on which it was first seen.
        first_seen: True where nobody says since when it applies.
        until: The last day on which it applies; None where no end is known.
        value: By the fact's unit: rates, shares and multiples as `Decimal`, amounts as fen, and so on.
        kind: Law, custom, or estimate.
        certainty: H, M or L.
        sources: Marks of `Facts.sources`, never empty.
        published: When the rule was published, if known.
        article: Law and article, in Chinese.
        note: What must be said with it.
    """

    start: date
    first_seen: bool
    until: date | None
    value: Value
    kind: Kind
    certainty: Certainty
    sources: tuple[str, ...]
    published: date | None
    article: str | None
    note: Text | None


class FactDateError(LookupError):
    """A fact was asked for a date before its first value. Nobody knows what held then, and nothing is guessed.

    Attributes:
        code: `fact.too_early`.
        fact: Its id.
        on: The date asked for.
        first: The date of its first value.
        zh: The message in Chinese.
        en: The message in English.
    """

    code = "fact.too_early"

    def __init__(self, fact: str, on: date, first: date) -> None:
        self.fact, self.on, self.first = fact, on, first
        self.zh = f"{fact}：问的是 {on}；最早的数据是 {first}，更早的不知道，也不猜。"
        self.en = f"{fact}: asked for {on}; its first value is of {first}, and nothing earlier is known or guessed."
        super().__init__(self.en)


@dataclass(frozen=True)
class Fact:
    """One fact and all its values.

    Attributes:
        id: `subject.name`.
        title: What it is, on screen.
        unit: What its value counts.
        last_read: When a person compared the newest value with its source.
        values: The oldest first; starts differ.
    """

    id: str
    title: Text
    unit: str
    last_read: date
    values: tuple[Dated, ...]

    def at(self, on: date) -> "Answer":
        """Answer for a date.

        Raises:
            FactDateError: The date lies before the first value.
        """
        for dated in reversed(self.values):
            if dated.start <= on:
                return Answer(self, dated, on)
        raise FactDateError(self.id, on, self.values[0].start)


@dataclass(frozen=True)
class Answer:
    """What a fact says for a date: the value, and who says so since when.

    The getters name the type that the caller counts on; another type is a slip of ours and raises `TypeError`.
    """

    fact: Fact
    dated: Dated
    on: date

    @property
    def ended(self) -> bool:
        """Whether the value had ceased to apply by the date asked for, with no later one known."""
        return self.dated.until is not None and self.dated.until < self.on

    @property
    def value(self) -> Value:
        """The value as it is."""
        return self.dated.value

    @property
    def decimal(self) -> Decimal:
        """A rate, share or multiple."""
        return self._as(Decimal)

    @property
    def whole(self) -> int:
        """An amount in fen, or a number of days, months, years, cases."""
        return self._as(int)

    @property
    def flag(self) -> bool:
        """A switch."""
        return self._as(bool)

    @property
    def word(self) -> str:
        """A choice, a phone number, an address."""
        return self._as(str)

    @property
    def day(self) -> date:
        """A date."""
        return self._as(date)

    @property
    def clock(self) -> time:
        """A time of day."""
        return self._as(time)

    @property
    def text(self) -> Text:
        """A sentence in both languages."""
        return self._as(Text)

    @property
    def span(self) -> Span:
        """A range."""
        return self._as(Span)

    @property
    def table(self) -> Mapping[str, Scalar]:
        """Values by key."""
        return cast("Mapping[str, Scalar]", self._as(dict))

    @property
    def brackets(self) -> tuple[Bracket, ...]:
        """A cumulative table."""
        return self._all(Bracket)

    @property
    def bands(self) -> tuple[Band, ...]:
        """Bands of days past due."""
        return self._all(Band)

    @property
    def texts(self) -> tuple[Text, ...]:
        """A list of sentences."""
        return self._all(Text)

    @property
    def words(self) -> tuple[str, ...]:
        """A list of choices."""
        return self._all(str)

    @property
    def wholes(self) -> tuple[int, ...]:
        """A list of amounts in fen or of numbers."""
        return self._all(int)

    def _as(self, kind: type[_T]) -> _T:
        value: object = self.dated.value
        # The exact type: a bool would pass for an int otherwise.
        if type(value) is not kind:
            raise TypeError(f"{self.fact.id} holds no {kind.__name__} but {type(value).__name__}")
        return value

    def _all(self, kind: type[_T]) -> tuple[_T, ...]:
        entries = cast("tuple[object, ...]", self._as(tuple))
        found = tuple(entry for entry in entries if type(entry) is kind)
        if len(found) != len(entries):
            raise TypeError(f"{self.fact.id} is not a list of {kind.__name__} only")
        return found


class Backing(NamedTuple):
    """What stands behind a statement that rests on several facts: no more than the weakest of them.

    Attributes:
        kind: Estimate where one of them is, else custom where one is, else law.
        certainty: The least.
        facts: Their ids.
        sources: Their marks, each once.
    """

    kind: Kind
    certainty: Certainty
    facts: tuple[str, ...]
    sources: tuple[str, ...]


_KINDS: tuple[Kind, ...] = ("law", "custom", "estimate")
_CERTAINTIES: tuple[Certainty, ...] = ("H", "M", "L")


def backing(answers: Sequence[Answer]) -> Backing:
    """Say what stands behind a statement that rests on these answers, at least one."""
    dated = [answer.dated for answer in answers]
    return Backing(
        kind=_KINDS[max(_KINDS.index(each.kind) for each in dated)],
        certainty=_CERTAINTIES[max(_CERTAINTIES.index(each.certainty) for each in dated)],
        facts=tuple(answer.fact.id for answer in answers),
        sources=tuple(dict.fromkeys(mark for each in dated for mark in each.sources)),
    )


class Facts:
    """All facts and their sources. Nothing in it changes."""

    def __init__(self, entries: Mapping[str, Fact], sources: Mapping[str, Source]) -> None:
        self._entries = dict(entries)
        self.sources: Mapping[str, Source] = dict(sources)

    def __iter__(self) -> Iterator[Fact]:
        """Every fact, by subject and in the order of its file."""
        return iter(self._entries.values())

    def __len__(self) -> int:
        """How many facts there are."""
        return len(self._entries)

    def __getitem__(self, fact: str) -> Fact:
        """The fact of an id; `KeyError` where there is none."""
        return self._entries[fact]

    def subject(self, name: str) -> tuple[Fact, ...]:
        """Give the facts of one subject, in the order of its file."""
        return tuple(fact for fact in self if fact.id.partition(".")[0] == name)

    @cached_property
    def read_on(self) -> date:
        """The latest day on which a fact was compared with its source."""
        return max(fact.last_read for fact in self)

    def at(self, fact: str, on: date) -> Answer:
        """Answer for a date.

        Raises:
            KeyError: There is no such fact.
            FactDateError: The date lies before its first value.
        """
        return self[fact].at(on)

    def as_read(self, fact: str, on: date) -> Answer:
        """Answer for a date; a fact that nobody dates answers as it was last read where the date lies before that day.

        For terms of products and habits of lenders: what was found at the last reading is the best that can be said of
        the weeks before it, too. What has a date of its own answers by it, as with `at`.

        Raises:
            KeyError: There is no such fact.
            FactDateError: The fact is dated, and the date lies before its first value.
        """
        undated = self[fact].values[0].first_seen
        return self.at(fact, max(on, self.read_on) if undated else on)

    def stale(self, on: date, days: int) -> tuple[Fact, ...]:
        """Give the facts whose last reading lies more than so many days before a date; a screen says so."""
        return tuple(fact for fact in self if (on - fact.last_read).days > days)

    def ended(self, on: date) -> tuple[Answer, ...]:
        """Give the facts that had ceased to apply by a date, with no later value known."""
        started = (fact.at(on) for fact in self if fact.values[0].start <= on)
        return tuple(answer for answer in started if answer.ended)
