"""The audit trail: following, sealing, proving, verifying, archiving and rebuilding a history."""

from sot.application.accounting.positions import rebuild as rebuild_positions
from sot.application.audit.archive import archive
from sot.application.audit.archive_verification import verify_archive
from sot.application.audit.archived_facts import ArchivedFact, read_fact
from sot.application.audit.feed import FollowedEvent, follow
from sot.application.audit.rebuild import rebuild
from sot.application.audit.restore import restore, restore_checkpoint
from sot.application.audit.seal import prove, seal
from sot.application.audit.verification import verify
from sot.application.audit.verification_result import Verification, VerificationProblem
from sot.domain.audit.checkpoint import Checkpoint, Proof
from sot.domain.values.vocabulary import FactKind
from sot.ports.signer import Signer, Verifier

__all__ = [
    "ArchivedFact",
    "Checkpoint",
    "FactKind",
    "FollowedEvent",
    "Proof",
    "Signer",
    "Verification",
    "VerificationProblem",
    "Verifier",
    "archive",
    "follow",
    "prove",
    "read_fact",
    "rebuild",
    "rebuild_positions",
    "restore",
    "restore_checkpoint",
    "seal",
    "verify",
    "verify_archive",
]
