"""Why values and rows are refused: a closed set of reasons, each with its code and its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from spoki_analytics.wording.arguments import argument, call
from spoki_analytics.wording.messages import gettext, noop


class Reason(StrEnum):
    """Every reason for which a value, a row or a frame is refused.

    A program decides by the reason, or by its code in ``plan.errors``; the sentence is for people and may change.

    Attributes:
        sentence: What is wrong and what would be right, with places for values.
    """

    sentence: str

    def __new__(cls, code: str, sentence: str) -> Reason:
        """A reason whose value is its code."""
        reason = str.__new__(cls, code)
        reason._value_ = code
        reason.sentence = sentence
        return reason

    # Of a value.
    NOT_TEXT = "not_text", noop("{value} is not a text: read the column as text (dtype=str).")
    FLOAT = "float", noop("{value} is a number that went through a float: read the column as text.")
    PANDAS_LEFTOVER = "pandas_leftover", noop("{value} looks as if pandas had made it: read the column as text.")
    NO_VALUE = (
        "no_value",
        noop(
            "{value} is what pandas or a database writes for no value: leave the cell empty, or mean it by {keep_text}."
        ),
    )
    TRUTH_WORD = (
        "truth_word",
        noop("{value} is what a program writes for yes or no: give what it stands for, or mean it by {keep_text}."),
    )
    MADE_DATE = (
        "made_date",
        noop(
            "{value} looks like a date that a spreadsheet made of something else: format the column as text, type it "
            "again, or mean it by {keep_text}."
        ),
    )
    SHEET_ERROR = (
        "sheet_error",
        noop("{value} is an error of the spreadsheet, not a value: mend the formula, or leave the row out."),
    )
    SHORTENED = (
        "shortened",
        noop(
            "{value} is a number that a spreadsheet shortened, and its digits are lost: format the column as text and "
            "enter it again."
        ),
    )
    GARBLED = (
        "garbled",
        noop(
            "{value} is garbled: UTF-8 that was read in another encoding. Open the file as UTF-8 and save it again, or "
            "send it as it is by {keep_text}."
        ),
    )
    HIDDEN = "hidden", noop("{value} holds a character that nobody sees ({name}): type it again.")
    HIDDEN_IN_TEXT = (
        "hidden_in_text",
        noop("{value} holds a character that nobody sees ({name}): type it again, or send it as it is by {keep_text}."),
    )
    NUL = "nul", noop("{value} holds a NUL, which Spoki cannot keep: take it out.")
    HALF_CHARACTER = "half_character", noop("holds half a character (a lone surrogate), which cannot be sent.")
    NOT_WHOLE_NUMBER = "not_whole_number", noop("{value} is not a whole number.")
    NOT_ID = "not_id", noop("{value} is not an id.")
    NOT_TRUE_OR_FALSE = "not_true_or_false", noop("{value} is neither true nor false.")
    NOT_PHONE = "not_phone", noop("{value} is not a phone number.")
    INVALID_PHONE = "invalid_phone", noop("{value} is not a valid phone number.")
    TWO_LINES = "two_lines", noop("{value} stands for two numbers: write one of them.")
    NOT_ON_WHATSAPP = (
        "not_on_whatsapp",
        noop(
            "{value} would be a voicemail, pager or premium number, which WhatsApp cannot have: is there a digit too "
            "many?"
        ),
    )
    TWO_READINGS = (
        "two_readings",
        noop("{value} can be read in two ways, {readings}: write it with plus and country code."),
    )
    NOT_EMAIL = "not_email", noop("{value} is not an e-mail address.")
    NOT_LANGUAGE = "not_language", noop("{value} is not a language code such as it or en.{hint}")
    NOT_WEB_ADDRESS = "not_web_address", noop("{value} is not a web address that starts with https://.")
    NOT_FIELD_CODE = (
        "not_field_code",
        noop("{value} is not a code: upper-case letters, digits and underscores only."),
    )
    RESERVED_CODE = "reserved_code", noop("{value} is reserved by Spoki: choose another code.")
    NOT_MOMENT = "not_moment", noop("{value} is not a date and time such as 2026-11-30T09:00+01:00.")
    TWICE = "twice", noop("{value} comes twice in {zone}, where the clocks go back: write {first} or {second}.")
    NEVER = "never", noop("{value} never comes in {zone}, where the clocks go forward: write {first} or {second}.")
    NOT_DAY = "not_day", noop("{value} is not a calendar day such as 2026-11-30.")
    NOT_MAPPING = "not_mapping", noop("{value} is not a mapping of names to values.")
    NOT_LIST = "not_list", noop("{value} is not a list.")
    NOT_A_CHOICE = "not_a_choice", noop("{value} is not one of {choices}.{hint}")
    TOO_LONG = "too_long", noop("has {count} characters; at most {longest} are allowed.")
    EMPTY = "empty", noop("must not be empty.")
    UNKNOWN_CUSTOM_FIELD = "unknown_custom_field", noop("There is no custom field {code} in this account.{hint}")
    CUSTOM_VALUES = "custom_values", "{problems}"  # the sentences of its values

    # Of a row or a frame.
    EMPTY_CELL = (
        "empty_cell",
        noop(
            "is an empty cell: leave the column out, write '' to empty the field, "
            "or pass {keep} to leave such fields as Spoki has them."
        ),
    )
    UNKNOWN_COLUMN = "unknown_column", noop("cannot be written.{hint} Known: {known}.")
    READ_ONLY = (
        "read_only",
        noop(
            "{value} is not what Spoki holds ({held}), and it cannot be written: leave it as it was, or leave it out."
        ),
    )
    REPEATED_COLUMN = "repeated_column", noop("comes twice.")
    REQUIRED = "required", noop("is required.")
    REPEATED_VALUE = "repeated_value", noop("{value} is the {noun} of row {others} too.")
    REPEATED_ROW = "repeated_row", noop("is the same as row {other}.")

    # Of what is there.
    NO_SUCH_REFERENCE = "no_such_reference", noop("{noun} {id} does not exist.")
    NO_SUCH_RECORD = "no_such_record", noop("{target} does not exist (as of {moment} UTC).")
    SHARED_NUMBER = (
        "shared_number",
        noop("{count} contacts have this number ({ids}): merge them in Spoki first."),
    )
    SEVERAL_CONTACTS = "several_contacts", noop("{value}: {count} contacts have it ({ids}): give their ids.")
    NO_CONTACT = "no_contact", noop("{value}: No contact has it.")
    NOT_OPERATOR = "not_operator", noop("{value} is not an operator of this account.{hint}")
    TAKEN = "taken", noop("{value} is the {name} of custom field {id} already.")

    # Of an undoing.
    UNSETTLED = (
        "unsettled",
        noop("Whether it happened is not known: settle it first, with {resolve}."),
    )
    CREATED_UNKNOWN = "created_unknown", noop("The id of what was made is not known: undo it in Spoki.")
    IRREVERSIBLE = "irreversible", noop("It cannot be undone.")
    IRREVERSIBLE_BECAUSE = "irreversible_because", "{why}"  # the sentence of the change itself

    def say(self, values: Mapping[str, Any], sentence: str | None = None) -> str:
        """The reason in the language of the reader.

        Args:
            values: What its sentence has places for.
            sentence: Another sentence for it, in the words of another surface.
        """
        return gettext(
            sentence or self.sentence,
            **{
                "keep": argument("missing", "keep"),
                "keep_text": argument("keep_text", True),
                "resolve": call("journal.resolve"),
                **values,
            },
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that is not acceptable: nothing of its row is sent.

    Attributes:
        row: Label of the row in the frame; empty for the frame or call as a whole.
        column: Column or argument.
        reason: Why.
        values: What the reason is about.
    """

    row: str
    column: str
    reason: Reason
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def problem(self) -> str:
        """What is wrong with it and what would be right, in the words of Python."""
        return self.say({})

    def say(self, sentences: Mapping[Reason, str]) -> str:
        """What is wrong with it and what would be right.

        Args:
            sentences: Sentences in the words of another surface, for the reasons that Python says otherwise.
        """
        return self.reason.say(self.values, sentences.get(self.reason))


class InvalidValueError(ValueError):
    """A value that must not be sent; the message says what is wrong and what would be right.

    Attributes:
        reason: Why.
        values: What the reason is about.
    """

    def __init__(self, reason: Reason, **values: Any) -> None:
        self.reason = reason
        self.values = values
        super().__init__(reason.say(values))

    def refusal(self, row: str, column: str) -> Refusal:
        """The refusal of the row that holds the value."""
        return Refusal(row, column, self.reason, self.values)
