"""Texts the sandbox speaks: people, places, shops and hostile strings, as data.

Everything is invented; addresses end in example.com and phones use blocks that no person has.
"""

from __future__ import annotations

from typing import NamedTuple

HOSTILE = (
    "<script>alert(1)</script>",
    "<b>Anna</b> & Co",
    "Prova – “Saldi” & <50%",
    "=1+1",
    '=HYPERLINK("http://example.invalid","clic")',
    "+39 SUM(A1:A9)",
    "-2+3",
    "@SUM(1+1)",
    "<img src=x onerror=alert(1)>",
    "&lt;già codificato&gt;",
    "{{ 7*7 }} ${7*7} %s",
    "\u202eoiggassem\u202c",
)
"""Names that a user can type and that must run nowhere: markup, formula starts, templates, direction marks."""


class People(NamedTuple):
    """Names of one language, with the phone block that its speakers use.

    Attributes:
        language: Code as the API gives it.
        prefix: Country prefix without plus, then the leading digits of a mobile number.
        digits: How many digits follow the prefix.
        first: First names.
        last: Last names.
        city: Cities.
    """

    language: str
    prefix: str
    digits: int
    first: tuple[str, ...]
    last: tuple[str, ...]
    city: tuple[str, ...]


ITALIAN = People(
    "it",
    "39333",
    7,
    (
        "Anna",
        "Luca",
        "Giulia",
        "Marco",
        "Sara",
        "Matteo",
        "Chiara",
        "Davide",
        "Elena",
        "Paolo",
        "Francesca",
        "Andrea",
        "Martina",
        "Simone",
        "Alessia",
        "Lorenzo",
        "Valentina",
        "Niccolò",
        "Maria-Grazia",
        "Giosuè",
        "Beatrice",
        "Tommaso",
        "Ilaria",
        "Pietro",
    ),
    (
        "Rossi",
        "Bianchi",
        "Ferrari",
        "Conti",
        "Esposito",
        "Romano",
        "Colombo",
        "Ricci",
        "Marino",
        "Greco",
        "Bruno",
        "Gallo",
        "De Luca",
        "D'Amico",
        "Costa",
        "Giordano",
        "Mancini",
        "Rizzo",
        "Lombardi",
        "Moretti",
        "Dell'Acqua",
        "Lo Presti",
        "Barbieri",
        "Fontana",
    ),
    ("Bologna", "Milano", "Roma", "Torino", "Forlì", "L'Aquila", "Napoli", "Bari", "Palermo", "Aosta"),
)

OTHERS = (
    People(
        "el",
        "30694",
        7,
        ("Ελένη", "Γιώργος", "Δημήτρης", "Μαρία", "Νίκος"),
        ("Παπαδοπούλου", "Νικολάου", "Γεωργίου", "Οικονόμου"),
        ("Αθήνα", "Θεσσαλονίκη", "Πάτρα"),
    ),
    People(
        "ar",
        "97150",
        7,
        ("محمد", "فاطمة", "أحمد", "ليلى", "يوسف"),
        ("الأمير", "حداد", "خوري", "المنصوري"),
        ("دبي", "أبو ظبي", "الشارقة"),
    ),
    People("zh", "86138", 8, ("伟", "芳", "秀英", "强"), ("王", "李", "张", "陈"), ("上海", "北京", "温州")),
    People(
        "pl", "4850", 7, ("Łukasz 🚀", "Zofia", "Grażyna", "Michał"), ("Żółć", "Wójcik", "Nowak"), ("Łódź", "Kraków")
    ),
    People(
        "es",
        "3461",
        7,
        ("María José", "Íñigo", "Lucía 🌸", "Ramón"),
        ("Muñoz", "García", "Peña", "Ibáñez"),
        ("Málaga", "A Coruña", "Cádiz"),
    ),
    People(
        "en",
        "4474",
        8,
        ("Grace", "Oliver", "Siân 👩‍💻", "Zoë"),
        ("O'Neill", "Smith-Jones", "Brontë"),
        ("Leeds", "Bath"),
    ),
)

SHOPS = (
    "Bottega Rossi S.r.l.",
    "Farmacia Conti & Figli <b>dal 1962</b>",
    "Ταβέρνα Αθηνά 🐟",
    "Bottega Rossi – prove <script>alert(1)</script>",
    "مطعم الأمير",
    "Studio dentistico Dott.ssa D'Amico",
    "=1+1 Ferramenta",
    "温州鞋业 Import",
    "Palestra Forza & Salute <50%",
    "Libreria Èva",
)
"""Names of the first accounts; the following ones are made of a trade and a city."""

TRADES = (
    "Ottica",
    "Panificio",
    "Autofficina",
    "Profumeria",
    "Agriturismo",
    "Enoteca",
    "Gioielleria",
    "Pasticceria",
    "Fioreria",
    "Pizzeria",
    "Erboristeria",
    "Sartoria",
    "Libreria",
    "Ferramenta",
    "Hotel",
    "Parafarmacia",
)

LISTS = (
    "Clienti newsletter",
    "VIP Milano – Natale 🎄",
    "Carrelli abbandonati",
    "<script>alert('lista')</script>",
    "Fiera Rimini – stand B&B",
    "=Clienti+Fornitori",
    "Νέοι πελάτες",
    "زبائن مميزون",
    "Compleanni",
    "Ritiro in negozio",
    "Corso di cucina <50 posti>",
    "新客户",
)

TAGS = ("VIP", "Reso in corso", "Perché no?", "lead & <caldo>", "=pagato", "Φίλος", "فاتورة", "B2B", "Da richiamare 📞")

CAMPAIGNS = (
    "Saldi",
    "Promo weekend",
    "Nuovi arrivi",
    "Reminder carrelli",
    "Invito in negozio",
    "Prova – “Saldi” <50% & oltre",
    "Prodotti in arrivo 🎁",
    "=1+1 gratis",
    "Προσφορές",
    "Sondaggio soddisfazione",
    "عروض الأسبوع",
    "<script>alert(1)</script> sconti",
    "Ultimi giorni",
    "Apertura straordinaria",
)

AUTOMATIONS = (
    "Benvenuto newsletter",
    "Carrello abbandonato 24h",
    "TEST <non usare>",
    "Conferma ordine & spedizione",
    "Promemoria appuntamento 📅",
    "=AUTO(1)",
    "Recensione dopo l'acquisto",
    "Καλωσόρισμα",
    "Auguri di compleanno",
    "استرجاع العملاء",
)

TEMPLATES = (
    ("saldi_stagione", "MARKETING", "Ciao %%FIRST_NAME%%, i saldi sono iniziati anche a %%CITTA%%!"),
    ("conferma_ordine", "UTILITY", "Ordine ricevuto. <b>Grazie</b> & a presto"),
    ("codice_accesso", "AUTHENTICATION", "Il tuo codice è %%CODICE%%"),
    ("promemoria_giorno", "UTILITY", "Ciao %%FIRST_NAME%%, ti aspettiamo domani."),
    ("bozza 📅 appuntamento", "ACCOUNT_UPDATE", "Il tuo appuntamento è il %%ULTIMO_ORDINE%%"),
    ("<script>alert('t')</script>", "MARKETING", "=1+1 motivi per tornare, %%FIRST_NAME%%"),
    ("πρόσκληση", "MARKETING", "Γεια σου %%FIRST_NAME%%!"),
    ("recensione", "UTILITY", "Com'è andata, %%FIRST_NAME%%? Rispondi da 1 a 5"),
)

TICKETS = (
    "Taglia sbagliata, richiesta cambio",
    "Fattura mancante",
    'Reso <ordine #18842> – "urgente" & rimborso',
    "Attesa ricambio",
    "Pacco non arrivato 📦",
    "=cmd|' /C calc'!A0",
    "Non ricevo il codice",
    "Παράπονο πελάτη",
    "<img src=x onerror=alert(1)>",
    "Cambio appuntamento",
    "طلب استرداد",
    "Informazioni sulla garanzia",
)

MEDIA = ("saldi.jpg", "Listino <b>2026</b> & note.pdf", "vetrina 🎄.png", "=menu.pdf", "promo estate.mp4", "έντυπο.pdf")

PLATFORMS = ("Api", "Shopify", "Woocommerce", "Zapier", "HubSpot", "Meta")

COLOURS = ("#16d46d", "#f5a623", "#3b82f6", None, "#ff5c5c", "#8b5cf6")
