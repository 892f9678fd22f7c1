"""What control documents have to answer, and by what it is known: the words of a heading, or those of a sentence.

Scope is asked for as in model cards (Mitchell et al. 2019, "Intended Use") and is found under the usual headings of
READMEs, in a few other languages too: those of which a heading alone tells what it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from lifelint.facts.documents.topics import BIAS

_PERSON = r"(?<![\w/.])@[\w-]{2,}|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
_STUDY = r"educational|research|demonstration|illustrative|(?<!machine )(?<!deep )learning|non-?commercial|study|demo"
_LIMITED = (
    "scope", "non-goal", "limitation", "not ", "n't ", "no substitute", "before it is", "only for",
    "educational", "research", "demonstration", "illustrative", "learning", "commercial", "study", "demo",
)  # fmt: skip


class Topic(NamedTuple):
    """``headings``: words of headings (in lower case) under which it is answered. ``prose``: what stands in a sentence
    that answers it (in lower case), nothing where only a heading tells. ``signs``: each such sentence holds one of
    them; without any, all are asked. Those of READMEs have them: of thousands, most say nothing about it."""

    headings: str
    prose: str = ""
    signs: tuple[str, ...] = ()


SCOPING: Mapping[str, Topic] = {
    "use": Topic(
        r"(?:intended|direct|downstream|primary|expected) us(?:es?|ers?|age)|(?<!scope )uses?|use[- ]?cases?|purposes?"
        r"|objectives?|goals?|aims?|about|overview|introduction|background|motivations?|problem|business|why"
        r"|what (?:is|it|this|we)|summary|description|abstract|applications?|users?|audience|for whom|who|context"
        r"|(?<!of[ -])(?<!of the )scope|mission|task|vision"
        r"|zweck|ziele?|einsatz\w*|anwendung\w*|verwendung\w*|überblick|einleitung|beschreibung"
        r"|objectifs?|utilisations?|présentation|contexte|utilisateurs|aperçu"
        r"|objetivos?|propósito|descripción|descrição|usuarios|usuários|introducción|introdução|visão geral|contexto"
        r"|obiettiv[oi]|scopo|descrizione|panoramica|introduzione"
        r"|简介|背景|目的|目标|用途|概述|介绍|概要|はじめに|개요|목적|소개"
        r"|цел[ьи]|назначение|описание|обзор|введение|задача|мета|опис|призначення|огляд|вступ"
    ),
    "limits": Topic(
        r"out[- ]of[- ](?:the )?scope|non[- ]?goals?|limitations?|limits?|misuse|caveats?|disclaimers?|restrictions?"
        rf"|exclusions?|excluded|responsible use|ethic\w*|prohibited|boundaries|assumptions|{BIAS}|risks|^risk$"
        r"|scope"
        r"|not (?:for|intended|fit|suitable|meant|designed|covered|included|in scope|to be used)"
        r"|(?:what|when).{0,40} not|don'?ts|unsuitable"
        r"|einschränkungen|grenzen|nicht vorgesehen|haftungsausschluss|limites|hors périmètre|avertissement"
        r"|limitaciones|limitações|limitazioni|fuera de(?:l)? alcance|fora d[eo] escopo|advertencias?|aviso"
        r"|局限|限制|免责|注意事项|制限|免責|제한|한계|ограничени[ея]|обмеження|границы применимости",
        # Licences speak of limitations too, and what code does not use is no limit of what it is used for.
        r"\bout[- ]of[- ]scope\b|\bnon-goals?\b|(?<!without )\blimitations?\b(?! under the license)"
        r"|\bnot (?:be )?(?:intended|suitable|suited|meant|designed)\b|(?<!\()\bnot (?:be )?recommended\b"
        r"|\bnot (?:to )?be (?:used|deployed|relied)\b|\bnot (?:fit|used) for\b"
        r"|\b(?:must|should|can|may|do|does) ?n[o']t (?:replace|rely on|(?:use|apply) (?:it|them|to|for|in|as"
        r"|(?:the|this|these|our) (?:models?|predictions?|results?|answers?|outputs?|scores?)))\b"
        r"|\bno substitute\b|\bnot a (?:substitute|replacement)\b"
        r"|\bnot (?:medical|financial|legal|investment) advice\b|\bnot for (?:production|clinical|commercial|medical)\b"
        r"|\bnot (?:yet )?ready for production\b|\bbefore it is (?:put|used|deployed) in(?:to)? production\b"
        rf"|\b(?:{_STUDY})(?:[/ ][\w/-]+){{0,3}} purposes?\b|\b(?:{_STUDY}) (?:use|project)\b"
        r"|\bonly for (?:education|research|demonstration|learning)\w*\b",
        _LIMITED,
    ),
}

RISKS: Mapping[str, Topic] = {
    "risks": Topic(
        # "Credit risk" is what a model is about, and no word on what can go wrong with it
        r"risks|^risk$|risk (?:analysis|assessment|register|management|mitigation|considerations?)"
        r"|ethic\w*|hazards?|threats?|fmea|failure modes?|harms?|safety|risiken|risques|riesgos|riscos|rischi"
        r"|风险|リスク|위험|риски?|ризики"
    ),
}

HANDOFF: Mapping[str, Topic] = {
    "artefacts": Topic(
        r"hand(?:ed|ing|s)?[- ]?(?:over|off)|art[ei]facts?|deliverables?|packages?|contents?|components?|images?"
        r"|what you get|models?|releases?",
        r"\b(?:images?|art[ei]facts?|packages?|models?|containers?)\b",
    ),
    "inputs": Topic(
        r"inputs?|requests?|interfaces?|contracts?|api|schema|features?|signature",
        r"\b(?:inputs?|takes|requests?|reads)\b",
    ),
    "outputs": Topic(
        r"outputs?|responses?|predictions?|interfaces?|contracts?|api|results?|signature",
        r"\b(?:outputs?|returns?|gives|responses?|predictions?|writes)\b",
    ),
    "acceptance": Topic(
        r"accept\w*|criteria|gates?|checks?|validation|evaluation|sign[- ]?off|definition of done|quality|tests?"
        r"|requirements?|approv\w*",
        r"\b(?:accept\w*|gates?|thresholds?|at least|lower than|higher than|better than|sign(?:ed|s)? off|approv\w+)\b",
    ),
    "rollback": Topic(
        r"roll(?:ing)?[- ]?backs?|revert\w*|fall[- ]?backs?|way back|recover\w*|if it fails|failures?",
        r"\broll(?:ed|ing|s)?[- ]?back|\b(?:go|goes|went) back\b|\b(?:previous|prior|last) (?:release|version|model)\b"
        r"|\b(?:release|version|model) before\b|\bfall ?back",
    ),
    "contacts": Topic(
        r"contacts?|owners?|ownership|people|team|teams|whom|who|responsib\w*|support|on[- ]?call|escalat\w*|roles?",
        _PERSON,
    ),
}

RUNBOOK: Mapping[str, Topic] = {
    "failure": Topic(
        r"fail\w*|outages?|incidents?|errors?|down|unavailab\w*|troubleshoot\w*|alerts?|symptoms?|diagnos\w*|crash\w*"
        r"|emergenc\w*|latency|recover\w*|problems?|mitigations?|response|debug\w*|known issues",
        r"\b(?:fails?|failures?|down|outages?|crash(?:es)?|unavailable|error rate|timeouts?)\b",
    ),
    "drift": Topic(
        r"drift\w*|degrad\w*|quality|performance|accuracy|stale\w*|decay\w*|shift\w*|(?:gets?|getting) worse",
        r"\bdrift|\bdegrad|\bdecay|\b(?:accuracy|quality|error|mae|rmse|auc|predictions?)\b[^.]{0,60}"
        r"\b(?:drops?|falls?|below|above|worse|rises?)\b|\bgets? worse\b",
    ),
    "contact": Topic(
        r"contacts?|on[- ]?call|escalat\w*|owners?|ownership|responsib\w*|who|whom|teams?|support|people",
        _PERSON,
    ),
}

REFRESH: Mapping[str, Topic] = {
    "triggers": Topic(
        r"triggers?|when|schedules?|cadence|frequency|how often|re-?evaluat\w*|re-?train\w*|intervals?",
        r"\b(?:every|daily|weekly|monthly|quarterly|yearly|annually|nightly|once an?"
        r"|each (?:day|week|month|quarter|year)|when(?:ever)?|as soon as|if|schedul\w+|cron"
        r"|drift\w*|new data|triggers?|triggered)\b",
    ),
    "owner": Topic(
        r"owners?|ownership|who|whom|responsib\w*|contacts?|teams?|maintainers?|decides?|roles?",
        _PERSON + r"|\bowned by\b|\bteam\b",
    ),
    "gate": Topic(
        r"gates?|accept\w*|criteria|approv\w*|promot\w*|validation|evaluation|thresholds?"
        r"|what (?:it|a new model) has to",
        r"\b(?:gates?|thresholds?|at least|(?:better|lower|higher|no worse) than|approv\w+|accept\w*|meets?"
        r"|reach\w*)\b",
    ),
    "retirement": Topic(
        r"retir\w*|end of life|decommission\w*|sunset\w*|withdraw\w*|switch\w* off|deprecat\w*|replac\w*|archiv\w*",
        r"\b(?:retir\w+|decommission\w*|sunset\w*|withdraw\w*|switch\w* off|taken down|end of life|replaced by)\b",
    ),
}

CONTROLS: Mapping[str, Mapping[str, Topic]] = {
    "scoping": SCOPING, "risks": RISKS, "handoff": HANDOFF, "runbook": RUNBOOK, "refresh": REFRESH,
}  # fmt: skip
"""What a control document is about, which is the role of the documents that are made for it → its topics."""

PARTS: Mapping[str, str] = {
    "handoff": r"hand(?:ing|ed)?[- ]?(?:off|over)s?",
    "runbook": r"run[- ]?books?|playbooks?|troubleshooting|incidents?(?: response)?|on[- ]?call|operations?|alerts?",
    "refresh": (
        r"(?:model |data )?refresh\w*(?: policy)?|re-?train\w*|re-?evaluat\w*"
        r"|model (?:maintenance|updates?|life ?cycle)"
        r"|maintenance|renewal|retirement|monitoring and re-?train\w*|when to re-?train"
    ),
}
"""What it is about → words of a heading under which another document answers its topics, in sections or sentences."""
