"""quota_ledger: what each Google project has left today. Days are Pacific."""

from datetime import date

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shorts_pipeline.database.base import Base, TimestampMixin, UUIDMixin
from shorts_pipeline.database.types import integer_column


class QuotaLedger(UUIDMixin, TimestampMixin, Base):
    """A bucket's day: reserved before a call, spent after it."""

    __tablename__ = "quota_ledger"
    __table_args__ = (UniqueConstraint("project", "bucket", "day"),)

    project: Mapped[str] = mapped_column(String(100))
    bucket: Mapped[str] = mapped_column(String(40))
    day: Mapped[date] = mapped_column()
    reserved: Mapped[int] = integer_column(0)
    spent: Mapped[int] = integer_column(0)
    limit: Mapped[int] = mapped_column(Integer)
