"""English words that say nothing of what a text is about, in lower case, apostrophes cut off."""

import re

_WORDS = (
    "a about above after again all also although am among an and another any are around as at be because been before "
    "being below between both but by called can could d did do does doing done down during each either ever every for "
    "from further had has have having he her here hers him his how i if in into is it its just kind know known like ll "
    "m many may me might more most much must my name named no nor not of off on once one only onto or other our out "
    "over own please re s said same say shall she should since so some such t tell than that the their them then there "
    "these they this those through thus to together too type under until up upon used ve very via was we were what "
    "when where whether which while who whom whose why will with within without would yet you your"
)
STOPWORDS = frozenset(re.findall(r"\S+", _WORDS))
