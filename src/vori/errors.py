"""Every error VORI raises on purpose, in one tree; each says whose fault it is and what to do next.

VoriError
├── CallerError              the caller's: the request can't be carried out as sent
│   ├── Invalid       422    a value is wrong
│   ├── NotFound      404    there is no such thing (in this workspace)
│   ├── Gone          410    it was there, and was deleted for good
│   ├── Conflict      409    it clashes with what is already so
│   ├── Stale         412    it was decided on something that has changed since
│   ├── Unguarded     428    it must say what it was decided on (If-Match)
│   ├── TooLarge      413    over a limit
│   ├── TooMany       429    too often; waiting helps
│   ├── Unidentified  401    it doesn't show who it is from
│   └── Forbidden     403    not from here, or not by you
├── SupplierError            a part VORI stands on failed (database, model, broker)
│   ├── Unavailable   503    it can't be reached, or isn't installed; retrying may help
│   └── BadAnswer     502    it answered nonsense
└── OurError          500    a defect of VORI's own
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

Fault = Literal["caller", "supplier", "ours"]
LASTING = {"no_speech_model", "speech_key_refused", "port_taken", "no_java", "no_maven", "no_jars"}
"""Codes of suppliers' failures that stay until a person does something."""


class VoriError(Exception):
    """Base of the tree. `code` is stable for programs; `message` says what happened; `remedy` what to do next."""

    status: ClassVar[int] = 500
    fault: ClassVar[Fault] = "ours"
    code: str = "error"

    def __init__(self, message: str, *, remedy: str = "", code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()

    @property
    def lasting(self) -> bool:
        """Whether it stays until a person does something, so that trying again is no use."""
        return self.fault == "caller" or self.code in LASTING

    def problem(self) -> dict[str, Any]:
        """The error as problem details (RFC 9457): what HTTP answers and WebSockets send."""
        return {
            "type": f"urn:vori:problem:{self.code}",
            "title": self.code.replace("_", " ").capitalize(),
            "status": self.status,
            "detail": self.message,
            "code": self.code,
            "fault": self.fault,
            "remedy": self.remedy,
        }


class CallerError(VoriError):
    status = 400
    fault = "caller"
    code = "bad_request"


class Invalid(CallerError):
    status = 422
    code = "invalid"


class NotFound(CallerError):
    status = 404
    code = "not_found"


class Gone(CallerError):
    status = 410
    code = "gone"


class Conflict(CallerError):
    status = 409
    code = "conflict"


class Stale(CallerError):
    status = 412
    code = "stale"


class Unguarded(CallerError):
    status = 428
    code = "unguarded"


class TooLarge(CallerError):
    status = 413
    code = "too_large"


class TooMany(CallerError):
    status = 429
    code = "too_many"


class Unidentified(CallerError):
    status = 401
    code = "unidentified"


class Forbidden(CallerError):
    status = 403
    code = "forbidden"


class SupplierError(VoriError):
    status = 502
    fault = "supplier"
    code = "supplier_failed"


class Unavailable(SupplierError):
    status = 503
    code = "unavailable"


class BadAnswer(SupplierError):
    status = 502
    code = "bad_answer"


class OurError(VoriError):
    status = 500
    code = "internal"
