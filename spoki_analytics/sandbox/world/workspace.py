"""Everything that belongs to one account, as mutable collections of records."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any

from spoki_analytics.sandbox.world import inventory, names
from spoki_analytics.sandbox.world.accounts import ID_SPAN, Account
from spoki_analytics.sandbox.world.arrivals import Arrivals
from spoki_analytics.sandbox.world.campaigns import Plan
from spoki_analytics.sandbox.world.collection import Collection, Record
from spoki_analytics.sandbox.world.contacts import FIELDS, ContactMaker, Phonebook
from spoki_analytics.sandbox.world.moments import stamp, stamp_rome

OLDEST_FIRST = {"tags", "roles", "custom_fields", "channels", "partners", "agencies"}


class Workspace:
    """The records of one account, as they are at a moment.

    Records refer to each other by id; ``answers`` turns them into the API's nested rows.

    Args:
        account: Whose records.
        now: The moment.
        campaign_counters: How campaigns count their messages, see `CAMPAIGN_COUNTERS`.
    """

    def __init__(self, account: Account, now: datetime, campaign_counters: str = "cumulative") -> None:
        self.account = account
        self.campaign_counters = campaign_counters
        self.now = now
        self.offset = account.index * ID_SPAN
        size, main = account.size, account.index == 0
        self.plans = account.traffic.plans(now)
        self.lists = self._furnish("lists", size.lists, inventory.list_record)
        self.tags = self._furnish("tags", min(size.lists, len(names.TAGS)), inventory.tag_record)
        self.roles = self._furnish("roles", size.roles, inventory.role_record)
        self.custom_fields = self._furnish("custom_fields", len(FIELDS), inventory.custom_field_record)
        self.automations = self._furnish("automations", size.automations, inventory.automation_record)
        self.templates = self._collect("templates", size.templates, self._template)
        self.media = self._furnish("media", size.media, inventory.media_record)
        self.invitations = self._furnish("invitations", 2 if main else 1, inventory.invitation_record)
        self.webhooks = self._furnish("webhooks", 2, inventory.webhook_record)
        self.partners = self._furnish("partners", 2 if main else 0, inventory.partner_record)
        self.agencies = self._collect("agencies", int(main), lambda i: {"account": account.id})
        self.channels = self._collect("channels", len(account.channels), lambda i: account.channels[i])
        self.campaigns = self._collect("campaigns", len(self.plans), self._campaign)
        self._ticket_arrivals = Arrivals(account.since, size.tickets, inventory.ticket_delay)
        self.tickets = self._collect("tickets", self._ticket_arrivals.count(now), self._ticket)
        self._maker = self._contact_maker()
        count = self._maker.arrivals.count(now)
        self.contacts = self._collect("contacts", count, lambda i: self._maker.make(i, self.now))
        self.list_sizes = self._maker.list_sizes(count)
        """Contacts in each list, by the list's id."""
        self.phones = Phonebook(self.contacts)

    def grow(self, now: datetime) -> None:
        """Become the records of a later moment: some are new, others have gone on; what clients wrote stays."""
        self.now = now
        self.plans = self.account.traffic.plans(now)
        tickets = self._ticket_arrivals.count(now)
        for collection, count in ((self.campaigns, len(self.plans)), (self.tickets, tickets)):
            collection.make_anew()
            while collection.invented < count:
                collection.grow()
        while self.contacts.invented < self._maker.arrivals.count(now):
            self._follow(None, self.contacts.grow())

    def first_id(self, family: str) -> int:
        """Id of the first record of a family."""
        return inventory.FIRST_IDS[family] + self.offset

    def collection(self, family: str) -> Collection:
        """The collection of a family."""
        collection: Collection = getattr(self, family)
        return collection

    def save_contact(self, contact: Record) -> Record:
        """Keep a contact, a new one or a new state of an old one; sizes of lists and numbers follow."""
        before = self.contacts.get(contact["id"]) if "id" in contact else None
        after = self.contacts.put(contact) if before else self.contacts.add(contact)
        self._follow(before, after)
        return after

    def remove_contact(self, contact: Record) -> None:
        """Forget a contact; sizes of lists and numbers follow."""
        self.contacts.remove(contact["id"])
        self._follow(contact, None)

    def _follow(self, before: Record | None, after: Record | None) -> None:
        self.list_sizes.subtract(before["lists"] if before else ())
        self.list_sizes.update(after["lists"] if after else ())
        self.phones.note(before, after)

    @property
    def version(self) -> tuple[Hashable, ...]:
        """Changes whenever a record does."""
        return self.now, *(self.collection(family).version for family in inventory.FIRST_IDS)

    def _furnish(self, family: str, count: int, record: Callable[[int, datetime], Record]) -> Collection:
        return self._collect(family, count, lambda i: record(i, self.account.since))

    def _collect(self, family: str, count: int, make: Callable[[int], Record]) -> Collection:
        first = self.first_id(family)
        return Collection(
            count,
            first,
            make,
            newest_first=family not in OLDEST_FIRST,
            remember=family != "contacts",
        )

    def _contact_maker(self) -> ContactMaker:
        account = self.account
        return ContactMaker(
            account.seed,
            account.index,
            account.size.contacts,
            account.since,
            lists=(len(self.lists), self.first_id("lists")),
            tags=(len(self.tags), self.first_id("tags")),
            roles=(len(self.roles), self.first_id("roles")),
            fields=self.first_id("custom_fields"),
        )

    def _template(self, i: int) -> Record:
        """A template; every fifth is only on the primary channel."""
        ids = self.channels.ids()
        return {**inventory.template_record(i, self.account.since), "channels": ids[:1] if i % 5 == 3 else ids}

    def _ticket(self, i: int) -> Record:
        created = self._ticket_arrivals.moment(i)
        contact = self.first_id("contacts") + i * 7919 % max(self._maker.arrivals.count(created), 1)
        owner = self.first_id("roles") + i % min(self.account.size.roles, 4)
        return inventory.ticket_record(i, created, self.now, contact, owner)

    def _campaign(self, i: int) -> Record:
        plan, size = self.plans[i], self.account.size
        number = plan.number
        lists = [self.first_id("lists") + (number + k * 3) % size.lists for k in range(1 + number % 2)]
        return {
            "name": self._campaign_name(plan),
            "status": plan.status(self.now),
            "scheduled_datetime": (stamp_rome if number % 7 == 2 else stamp)(plan.scheduled),
            "created_datetime": stamp(plan.created),
            "automation": None if number % 6 == 5 else self.first_id("automations") + number % size.automations,
            "template": self.first_id("templates") + number % size.templates if number % 6 == 5 else None,
            "lists": [] if number % 6 == 5 else sorted(set(lists)),
            "other_contacts": [self.first_id("contacts") + number % 7] if number % 6 == 5 else [],
            "target": plan.target,
            "counters": _counters(plan, self.now, self.campaign_counters),
        }

    @staticmethod
    def _campaign_name(plan: Plan) -> str:
        text = names.CAMPAIGNS[plan.number % len(names.CAMPAIGNS)]
        return f"{text} {plan.scheduled:%m/%Y}"


NOTHING_SENT = dict.fromkeys(
    (
        "automation_started",
        "automation_completed",
        "automation_failed",
        "automation_valid_failed",
        "automation_interacted_with",
        "messages_sent",
        "messages_received",
        "messages_read",
        "messages_failed",
    ),
    0,
)
"""Counters of a campaign that has not started."""


CAMPAIGN_COUNTERS = ("cumulative", "exclusive")
"""Readings of a campaign's message counters, as no source says which holds: a message that was read counts as received
and as sent, too, or every message counts once, under its latest state (contract, section 7.1)."""


def _counters(plan: Plan, now: datetime, reading: str) -> dict[str, Any]:
    """The campaign's counters at a moment."""
    out = plan.funnel.part(plan.progress(now))
    started = sum(out)
    reached = out.delivered + out.read
    cumulative = reading == "cumulative"
    return {
        "automation_started": started,
        "automation_completed": reached,
        "automation_failed": out.failed,
        "automation_valid_failed": int(out.failed * plan.valid_failed),
        "automation_interacted_with": int(out.read * plan.interacted),
        "messages_sent": started if cumulative else out.sent,
        "messages_received": reached if cumulative else out.delivered,
        "messages_read": out.read,
        "messages_failed": out.failed,
    }
