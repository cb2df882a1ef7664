"""Works through the outbox: claims what is due, mails it, notes what became of each. Safe to run twice or be killed.

Each step is a transaction of its own, and none is open while the mail server is spoken to: a slow server must not
keep people from saving. Where no SMTP server is set nothing is claimed; the administrator reads the outbox.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid

from flask import current_app

from config import Config
from evaluator.core.db import transaction
from evaluator.notices import queries, service
from evaluator.notices.letters import Letter, letter
from evaluator.notices.models import Notice
from evaluator.policy import Actor

BATCH = 50
TIMEOUT = 20  # seconds for one answer of the mail server


def has_server() -> bool:
    """Return whether mails go out by themselves."""
    return bool(current_app.config["EVALUATOR"].smtp_host)


def send_waiting(*, by: Actor, now: datetime) -> int:
    """Send the messages that are due; return how many the mail server took."""
    config: Config = current_app.config["EVALUATOR"]
    if not has_server():
        return 0
    sent = 0
    while True:
        with transaction():
            claimed = service.claim(limit=BATCH, by=by, now=now)
        if not claimed:
            return sent
        sent += _send(claimed, config, by=by, now=now)


def _send(claimed: list[int], config: Config, *, by: Actor, now: datetime) -> int:
    """Send claimed messages over one connection; what fails waits for its next turn."""
    sent = 0
    try:
        with _connected(config) as server:
            for notice_id in claimed:
                sent += _send_one(notice_id, server, config, by=by, now=now)
    except OSError as error:  # smtplib's errors are OSErrors: no connection, no log-in, or it was cut
        for notice_id in claimed:
            notice = queries.by_id(notice_id)
            if notice.is_waiting and notice.failure == "":
                with transaction():
                    service.mark_failed(notice, reason=_reason(error), by=by, now=now)
    return sent


def _send_one(notice_id: int, server: smtplib.SMTP, config: Config, *, by: Actor, now: datetime) -> bool:
    """Send one message and note the outcome."""
    notice = queries.by_id(notice_id)
    if not notice.is_waiting:  # handed over or replaced since it was claimed
        return False
    words = letter(notice)
    try:
        server.send_message(_mail(notice, words, config))
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ValueError) as error:
        with transaction():  # this message is at fault, not the connection
            service.mark_failed(notice, reason=_reason(error), by=by, now=now)
        return False
    with transaction():
        service.mark_sent(notice, subject=words.subject, body=words.body, by=by, now=now)
    return True


@contextmanager
def _connected(config: Config) -> Iterator[smtplib.SMTP]:
    """Connect as the port asks: 465 speaks TLS at once, others change to it where the server offers it."""
    context = ssl.create_default_context()
    if config.smtp_port == smtplib.SMTP_SSL_PORT:
        server: smtplib.SMTP = smtplib.SMTP_SSL(config.smtp_host, config.smtp_port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=TIMEOUT)
    with server:
        if not isinstance(server, smtplib.SMTP_SSL):
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if config.smtp_user:
            server.login(config.smtp_user, config.smtp_password)
        yield server


def _mail(notice: Notice, words: Letter, config: Config) -> EmailMessage:
    """Return the mail.

    Raises:
        ValueError: the address cannot stand in a header.
    """
    mail = EmailMessage()
    mail["From"] = config.mail_from
    mail["To"] = Address(notice.name, addr_spec=notice.address)
    mail["Subject"] = " ".join(words.subject.split())
    mail["Message-ID"] = make_msgid(notice.code, domain=config.mail_from.rpartition("@")[2].strip(" >") or None)
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = notice.language
    mail.set_content(words.body)
    return mail


def _reason(error: Exception) -> str:
    """Return what the mail server said, for the administrator."""
    return f"{type(error).__name__}: {error}"[:300]
