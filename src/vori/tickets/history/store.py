"""The quotes that prove changes, when a person withdraws what was said or puts it back."""

from __future__ import annotations

from vori.database.connection import Transaction
from vori.events import UtteranceCorrected

QUOTE = """
update ticket_change set evidence = (
  select jsonb_agg(
    case when said->>'utterance_id' = %(said)s and (%(text)s = '' or said->>'quote' = '')
         then jsonb_set(said, '{quote}', to_jsonb(%(text)s::text)) else said end order by place)
  from jsonb_array_elements(evidence) with ordinality as each (said, place)
)
where evidence @> jsonb_build_array(jsonb_build_object('utterance_id', %(said)s::text))
"""


async def correct_quotes(tx: Transaction, corrected: UtteranceCorrected) -> None:
    """What a person withdraws is no longer quoted, until it comes back; other corrections leave quotes as they were."""
    if corrected.model is None:
        await tx.execute(QUOTE, {"said": str(corrected.utterance_id), "text": corrected.text})
