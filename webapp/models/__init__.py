"""All tables."""

from webapp.models.base import Base, UtcDateTime, utc_now
from webapp.models.board_link import BoardLink
from webapp.models.check import CheckRecord, Quarantine, QuarantineDecision, Receipt, ServerDraft
from webapp.models.decision import CheckDecision, HiddenCheck, is_shown
from webapp.models.device import Device, DeviceChange, DeviceCode, DeviceSession, FormerToken, SeriesGap, UserKey
from webapp.models.exchange import MeasureImport, MeasureImportPoint, MeasureToken
from webapp.models.flag import Flag, FlagClosing, FlagRaise
from webapp.models.measure import MeasureChange, MeasureDecision, MeasureFact, MeasureState
from webapp.models.organisation import Membership, Municipality, OidcAnswer, Setting, Unit, User, WebSession
from webapp.models.oversight import AccessReview, Lookup, LookupEnd
from webapp.models.passkey import Passkey, PasskeyAnswer
from webapp.models.patient import Episode, Patient, Trigger, Visit
from webapp.models.photo import Photo, PhotoPart
from webapp.models.second_factor import RecoveryCode, SecondFactor, WrongCode
from webapp.models.summary import SummaryAddress, SummaryMail
from webapp.models.trail import AccessLink, AccessLog, AccessPending, FeedHead, FeedRow
from webapp.models.work import WorkFile, WorkVersion

__all__ = [
    "AccessLink",
    "AccessLog",
    "AccessPending",
    "AccessReview",
    "Base",
    "BoardLink",
    "CheckDecision",
    "CheckRecord",
    "Device",
    "DeviceChange",
    "DeviceCode",
    "DeviceSession",
    "Episode",
    "FeedHead",
    "FeedRow",
    "Flag",
    "FlagClosing",
    "FlagRaise",
    "FormerToken",
    "HiddenCheck",
    "Lookup",
    "LookupEnd",
    "MeasureChange",
    "MeasureDecision",
    "MeasureFact",
    "MeasureImport",
    "MeasureImportPoint",
    "MeasureState",
    "MeasureToken",
    "Membership",
    "Municipality",
    "OidcAnswer",
    "Passkey",
    "PasskeyAnswer",
    "Patient",
    "Photo",
    "PhotoPart",
    "Quarantine",
    "QuarantineDecision",
    "Receipt",
    "RecoveryCode",
    "SecondFactor",
    "SeriesGap",
    "ServerDraft",
    "Setting",
    "SummaryAddress",
    "SummaryMail",
    "Trigger",
    "Unit",
    "User",
    "UserKey",
    "UtcDateTime",
    "Visit",
    "WebSession",
    "WorkFile",
    "WorkVersion",
    "WrongCode",
    "is_shown",
    "utc_now",
]
