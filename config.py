"""Every setting of the service, typed and frozen; the environment is read here and nowhere else."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parent


class Unconfigured(RuntimeError):
    """The environment lacks or misspells settings; the message lists all of them at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of one running service."""

    secret_key: str
    database_url: str
    instance_dir: Path
    base_url: str = "http://127.0.0.1:8000"
    secure_cookies: bool = True
    testing: bool = False
    smtp_host: str = ""  # empty: mails stay in the outbox, where the administrator reads them
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    mail_from: str = "evaluator@localhost"
    upload_limit_mb: int = 40
    argon2_memory_kib: int = 65536
    argon2_rounds: int = 3
    login_failures: int = 5
    login_lock_minutes: int = 15
    proxies: int = 0  # reverse proxies in front whose X-Forwarded-* headers are believed

    @property
    def files_dir(self) -> Path:
        """Where uploaded and built files lie."""
        return self.instance_dir / "files"

    @classmethod
    def development(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Return safe defaults for one's own machine: SQLite under instance/, a secret made once."""
        instance = Path(env.get("INSTANCE_DIR", ROOT / "instance"))
        instance.mkdir(parents=True, exist_ok=True)
        host, port = env.get("HOST", "127.0.0.1"), env.get("PORT", "8000")
        return cls(
            secret_key=env.get("SECRET_KEY") or _secret_made_once(instance / "secret-key"),
            database_url=_driver(env.get("DATABASE_URL") or f"sqlite:///{instance / 'evaluator.sqlite3'}"),
            instance_dir=instance,
            base_url=env.get("BASE_URL", f"http://{host}:{port}"),
            secure_cookies=False,
            **_optional(env),
        )

    @classmethod
    def production(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Return the settings of the environment.

        Raises:
            Unconfigured: lists everything that is missing.
        """
        needed = ("SECRET_KEY", "DATABASE_URL", "INSTANCE_DIR", "BASE_URL", "MAIL_FROM")
        missing = [name for name in needed if not env.get(name)]
        if missing:
            msg = "The service cannot start. Set in the environment: " + ", ".join(missing)
            raise Unconfigured(msg)
        return cls(
            secret_key=env["SECRET_KEY"],
            database_url=_driver(env["DATABASE_URL"]),
            instance_dir=Path(env["INSTANCE_DIR"]),
            base_url=env["BASE_URL"],
            **_optional(env),
        )

    @classmethod
    def test(cls, *, database_url: str, instance_dir: Path) -> Self:
        """Return settings for tests: nothing of the environment, cheap password hashes."""
        return cls(
            secret_key="only-for-tests",  # noqa: S106 - signs nothing that is kept
            database_url=_driver(database_url),
            instance_dir=instance_dir,
            base_url="http://localhost",
            secure_cookies=False,
            testing=True,
            argon2_memory_kib=8,
            argon2_rounds=1,
        )

    @classmethod
    def from_environment(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Return production settings if ``EVALUATOR_ENV=production``, else those of development."""
        return cls.production(env) if env.get("EVALUATOR_ENV") == "production" else cls.development(env)


_OPTIONAL = {
    "SMTP_HOST": ("smtp_host", str),
    "SMTP_PORT": ("smtp_port", int),
    "SMTP_USER": ("smtp_user", str),
    "SMTP_PASSWORD": ("smtp_password", str),
    "MAIL_FROM": ("mail_from", str),
    "UPLOAD_LIMIT_MB": ("upload_limit_mb", int),
    "PROXIES": ("proxies", int),
}


def _optional(env: Mapping[str, str]) -> dict[str, Any]:
    """Return the optional settings that are given, converted."""
    given: dict[str, Any] = {}
    for variable, (name, kind) in _OPTIONAL.items():
        if env.get(variable):
            try:
                given[name] = kind(env[variable])
            except ValueError:
                msg = f"{variable} must be a whole number, not {env[variable]!r}"
                raise Unconfigured(msg) from None
    return given


def _driver(url: str) -> str:
    """Name the driver we install when the address leaves it open."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _secret_made_once(path: Path) -> str:
    """Return the secret of this machine, made at the first start; safe when two start at once."""
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")
