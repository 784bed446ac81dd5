"""Short answers to the open question: "yes", "no, it's about the police", "I don't know".

An ambiguous answer gets the graver meaning: a bare "yes" about risk is immediate harm, a bare "no"
still a concern, and after a "no" to "have you made those calls?" they are still to be made.
"""

import re

from bot.core.conversation.answers import SAFETY, Note
from bot.core.conversation.questions.spec import NO, UNSURE, YES, Question
from bot.core.conversation.questions.table import SPEC_OF
from bot.core.conversation.state import UNKNOWN, State, call_told
from bot.core.rules.ladder import UNFINISHED
from bot.core.text import without_apostrophes
from bot.core.vocabulary import Side

LETTERS = {"y": YES, "n": NO}
"""A single letter is too short for the intent ranker, but clear here."""
FIRST_WORD = {
    YES: re.compile(r"(?:yes|yeah|yep|yup)\b"),
    # In "no one rang" or "no reply" the "no" belongs to the next word and is not an answer.
    NO: re.compile(
        r"(?:no|nope|nah)(?:\s*(?:[,.;:!-]|$)"
        r"|\s+(?:it|its|that|thats|this|these|not|i|im|ive|we|weve|they|theyre|he|hes|she|shes|"
        r"the|there|theres|but|just|really|sorry|because|cos|as|only|actually)\b)"
    ),
}
NOT_MADE = re.compile(
    r"\b(?:not yet|havent|have not|not (?:called|rung|rang|made)|cant get through)\b"
)
SAYS_NO = re.compile(
    r"^\W*(?:(?:oh|well|um+|erm?|ok|okay|thankfully|luckily)\W+)*"
    r"(?:n|no+|nope|nah|naw|negative|not\s+(?!really|sure|exactly|quite|entirely|certain|yet))\b"
    r"|\b(?:definitely|certainly|absolutely|(?:of )?course|probably|hopefully) not\b"
    r"|\b(?:hes|shes|theyre|its|is|are) not\b|\b(?:isnt|arent|is no|are no|no risk)\b"
)
"""Says a plain no to a question about safety. "None of them" may be of the options, and "not
really" is half a yes."""
SAYS_YES = re.compile(
    r"\b(?:y|ye|yh|yes+|yeah|yep|yup|aye|definitely|absolutely|certainly|correct|true|sadly|100"
    r"|(?:think|believe|afraid|say) so|very much|of course|for sure"
    r"|(?:it|he|she|there|this|they) (?:is|are)|(?:hes|shes|theyre) in)\b"
)
"""Says a plain yes to a question about safety, which "yesterday" does not."""
OBJECTS = re.compile(
    r"^(?:(?:no|nope|nah|hang on|wait|sorry)[\s,.!-]+)*"
    r"(?:(?:its|it is|thats|that is|this is|youre|you are|all|is|got it|you have it|youve got it)"
    r"\s+)*"
    r"(?:all\s+)?(?:wrong(?!\s+(?:number|line|extension))|not right|incorrect|not correct"
    r"|not true|not it|not what i (?:said|meant|wrote)|a mistake|false(?!\s+alarm)|rubbish)\b"
)
"""Says that the guide has something wrong, and answers no question about safety."""
NOTED = re.compile(
    r"(?:ok|okay|k|right|fine|sure|alright|thanks|ta|will do|on it|thats (?:right|fine)"
    r"|correct|true|exactly|got (?:it|that)|gotcha|understood|noted|makes sense|fair enough"
    r"|of course|i (?:see|understand|get it)|good|great|perfect|absolutely|definitely)\b"
)
"""Says that something was read, not that anybody was called."""
READ_ONLY = re.compile(
    r"\W*(?:ok|okay|k|right|fine|alright|thanks|thank you|ta|noted|understood|got it|i see)\W*"
)
"""Says that a question about safety was read, and neither yes nor no."""
NOT_NOW = re.compile(
    r"\b(?:(?:isnt|not|is not|wasnt|nothings|nothing is|no longer)\s+(?:\w+\s+)?(?:happening|now|"
    r"danger|urgent|real|in danger|immediate)|false alarm|misread|misunder\w+|mistake|"
    r"figure of speech|only practi\w+|was practi\w+|long ago|years ago|in the past|over now)\b"
)
"""Says itself that it is not happening now; other news may sound like it."""
ONLY_PLAYED = re.compile(
    r"\bfalse alarm\b|\b(?:was|is|its|thats|only|just)\s+"
    r"(?:(?:a|an|only|just|part of|our|the|some)\s+)*"
    r"(?:(?:fire|lockdown|evacuation|training|planned|weekly|mock|practice)\s+)*"
    r"(?:drill|exercise|test|simulation|role ?play|scenario|training)\b(?!\s+(?:results?|day))"
    r"|\b(?:isnt|not|wasnt)\s+(?:a\s+)?real\b"
)
"""Says that nothing happened: it was a drill, or somebody tried the guide."""
IT_IS_OVER = re.compile(
    r"\W*(?:(?:sorry|no|nope|oh|wait|well|actually|but)\W+)*"
    r"(?:its|it is|this is|that is|thats)\s+not"
    r"\s+(?:happening\s+|going on\s+)?(?:(?:right|just)\s+)?now"
    r"(?:\W+(?:(?:it|this|that|but|and|was|happened|in|over|during|earlier|last|the|at|on)\s+)+"
    r"(?:night|morning|afternoon|evening|weekend|week|yesterday|earlier|before))?"
    r"(?:\W+(?:(?:and|but|so)\s+)?"
    r"(?:he|hes|she|shes|they|theyre|dad|mum|stepdad|(?:the|her|his|mums)\s+\w+)"
    r"\s+(?:(?:is|are|has|have|all)\s+)*gone(?:\s+(?:now|home|out|away|again))*)?\W*"
)
"""Says itself, and nothing besides but when it was and who left, that it is not happening now."""
IS_NOW = re.compile(
    r"(?:(?:yes|yeah|yep|yup|y)\W+)?(?:(?:it|its|this|that|he|hes|she|shes)\s+)?(?:is\s+)?(?:still\s+)?"
    r"(?:happening|going on|now|right now|at the moment|as we speak)(?:\W+(?:right\s+)?now)?\W*$"
    r"|(?:yes|yeah|yep|yup|y)(?:\W+it\s+is)?\W*$"
)
"""Says of what was heard that it is happening now: "yes", "it is happening", "yes, now"."""
NOTHING_TRIED = re.compile(
    r"\b(?:nothing|nowt|none)(?:s)?\s+(?:(?:has|have|is|was|been|yet)\s+)*(?:tried|raised|escalated)\b"
)
"""Says in an account that no stage was begun."""
HALF_SAID = re.compile(
    r"\W*(?:not|no|yes|yeah|well|sort of|kind of|kinda|hmm+|at the moment|currently|sometimes"
    r"|possibly|potentially|probably|maybe|(?:it )?(?:could|might|may)|it depends|depends)\b"
)
"""Begins like an answer to how great the risk is, whatever else it then tells."""
ANSWER_SENT = re.compile(
    r"\b(?:answered|replied|responded|sent|wrote|written|told|gave|said|yes|yeah|yep|yup|done|met"
    r"|they\w*|them|he|hes|she|shes|school\w*|still|both|neither|nobody|disagree\w*|unhappy|stuck"
    r"|(?:not?|nt|dont|doesnt|didnt|wont|havent|hasnt)\s+(?:\w+\s+)?(?:happy|accept\w*|agree\w*|"
    r"settled?|sorted|resolved)|settled|sorted|resolved|agreed|accept\w*)\b"
)
"""Says of the answer that was owed that it went out, or what they made of it."""
OTHER_AGENCY = re.compile(r"\b(?:other|another) agenc(?:y|ys|ies)\b")


def short_answer(
    state: State, asked: Question, intent: str, text: str
) -> tuple[str | None, Note | None]:
    """Return the value that a message gives the open question, or else a note to say.

    `intent` is the message's own; `text` is as typed.
    """
    meant = _meant(asked, intent, text)
    if only_played(asked, text):
        # The risk is asked again, and by them alone made less.
        return SPEC_OF[asked].short["not_happening_now"], None
    if asked in SAFETY and OBJECTS.match(_words(text)):
        return None, Note("note_what_is_wrong")
    if asked in SAFETY and not any(letter.isalpha() for letter in text):
        # A number without an option is no answer, whatever it looks like.
        return None, None
    of_risk = asked in {Question.risk, Question.trigger_check}
    half_a_no = meant == NO and not SAYS_NO.search(_words(text))
    if of_risk and (half_a_no or READ_ONLY.fullmatch(_words(text))):
        return None, Note("note_say_no")
    if of_risk and meant == YES and not SAYS_YES.search(_words(text)):
        return None, None
    if meant == "not_happening_now" and not NOT_NOW.search(_words(text)):
        meant = ""
    if asked is Question.calls_made:
        value, note = _of_calls(state, meant, _words(text))
        if value or note or (meant == YES and NOTED.match(_words(text))):
            return value, note
    usual = UNKNOWN if meant == UNSURE else None
    if asked is Question.step_outcome and state.on_side is Side.receiver and meant == YES:
        return None, Note("note_answered_and_then")
    return SPEC_OF[asked].short_for(state.on_side).get(meant, usual), None


def only_played(asked: Question | None, text: str) -> bool:
    """Say whether it is said, while the calls are open, that nothing happened: it was a drill."""
    return asked is Question.calls_made and bool(ONLY_PLAYED.search(_words(text)))


def is_over(asked: Question | None, text: str) -> bool:
    """Say whether it is said, while the calls are open, that it is not now, and nothing else."""
    return asked is Question.calls_made and bool(IT_IS_OVER.fullmatch(_words(text)))


def _of_calls(state: State, meant: str, words: str) -> tuple[str | None, Note | None]:
    if meant == UNSURE:
        return None, Note("note_calls_unknown")
    reached = any(call_told(call).outcome in UNFINISHED for call in state.calls)
    if IS_NOW.match(words) and not reached and not state.is_now:
        # The card asks whether it is happening now, and nobody has been told yet.
        return "now", None
    if meant == NO:
        # The card asks "is it happening now?" too, but what is for today need not be happening
        # now, and a bare "no" or "not yet" may be of the calls.
        heard_only = state.red_flag is not None and not state.danger_now
        if heard_only and NOT_NOW.search(words):
            return "not_now", None
        return None, Note("note_calls_not_made")
    return None, None


def _meant(asked: Question, intent: str, text: str) -> str:
    words = _words(text)
    letter = LETTERS.get(words.strip(" .!"))
    if letter or intent in {YES, NO, UNSURE, "called_for_help", "not_happening_now"}:
        return letter or intent
    if not SPEC_OF[asked].begins:
        # The rest of the message may mean something else: "no, just Stage 1".
        return intent
    if FIRST_WORD[NO].match(words):
        return NO
    if asked is Question.calls_made:
        if NOT_MADE.search(words):
            return NO
        # "Yes, but nobody answers" does not show that the calls were made.
        return intent
    if FIRST_WORD[YES].match(words):
        return YES
    return NO if asked is Question.exit_check and names_other_agency(words) else intent


def leaves_risk_open(before: State, state: State, text: str, *, told: bool) -> bool:
    """Say whether a first reply to how great the risk is leaves it open: "between 2 and 4".

    Where it has `told` something else, it has to begin like an answer: "not at the moment, he's in
    foster care". `before` is the state before the reply, `state` the one after it.
    """
    if state.risk is not None or state.urgent or before.misses:
        return False
    return bool(HALF_SAID.match(_words(text))) if told else len(text.split()) > 1


def names_other_agency(text: str) -> bool:
    """Say whether the words are those on the button that refuses another procedure."""
    return bool(OTHER_AGENCY.search(_words(text)))


def _words(text: str) -> str:
    return without_apostrophes(text.strip())
