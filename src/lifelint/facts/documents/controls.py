"""What control documents have to answer: topic → words of headings (in lower case) under which it is answered.

Scope is asked for as in model cards (Mitchell et al. 2019, "Intended Use") and is found under the usual headings of
READMEs, in a few other languages too. The languages are those of which a heading alone tells what it is about.
"""

from __future__ import annotations

from collections.abc import Mapping

SCOPING: Mapping[str, str] = {
    "use": (
        r"(?:intended|direct|downstream|primary|expected) us(?:es?|ers?|age)|uses?|use[- ]?cases?|purposes?|objectives?"
        r"|goals?|aims?|about|overview|introduction|background|motivations?|problem|business|what (?:is|it|this|we)|why"
        r"|summary|description|abstract|applications?|users?|audience|for whom|who|context|scope|mission|task|vision"
        r"|zweck|ziele?|einsatz\w*|anwendung\w*|verwendung\w*|überblick|einleitung|beschreibung"
        r"|objectifs?|utilisations?|présentation|contexte|utilisateurs|aperçu"
        r"|objetivos?|propósito|descripción|descrição|usuarios|usuários|introducción|introdução|visão geral|contexto"
        r"|obiettiv[oi]|scopo|descrizione|panoramica|introduzione"
        r"|简介|背景|目的|目标|用途|概述|介绍|概要|はじめに|개요|목적|소개"
        r"|цел[ьи]|назначение|описание|обзор|введение|задача|мета|опис|призначення|огляд|вступ"
    ),
    "limits": (
        r"out[- ]of[- ](?:the )?scope|non[- ]?goals?|limitations?|limits?|misuse|caveats?|disclaimers?|restrictions?"
        r"|exclusions?|excluded|responsible use|ethic\w*|prohibited|boundaries|assumptions|bias(?:es)?|risks?|scope"
        r"|not (?:for|intended|fit|suitable|meant|designed|covered|included|in scope|to be used)"
        r"|(?:what|when).{0,40} not|don'?ts|unsuitable"
        r"|einschränkungen|grenzen|nicht vorgesehen|haftungsausschluss|limites|hors périmètre|avertissement"
        r"|limitaciones|limitações|limitazioni|fuera de(?:l)? alcance|fora d[eo] escopo|advertencias?|aviso"
        r"|局限|限制|免责|注意事项|制限|免責|제한|한계|ограничени[ея]|обмеження|границы применимости"
    ),
}

CONTROLS: Mapping[str, Mapping[str, str]] = {"scoping": SCOPING}
"""What a control document is about, by the role of the documents that are made for it."""

LIMITS_IN_PROSE = (
    r"\bout[- ]of[- ]scope\b|\bnon-goals?\b|\blimitations?\b"
    r"|\bnot (?:be )?(?:intended|suitable|suited|meant|designed|fit|recommended|used|deployed|relied)\b"
    r"|\b(?:must|should|can|may|do|does) ?n[o']t (?:use|apply|rely|replace)\b|\bno substitute\b"
    r"|\bnot a (?:substitute|replacement)\b"
    r"|\bnot (?:medical|financial|legal|investment) advice\b|\bnot for (?:production|clinical|commercial|medical)\b"
    r"|\b(?:educational|research|demonstration|illustrative|learning|non-?commercial|study|demo)\b[\w/, ]{0,30}"
    r"\b(?:purposes?|use|project) ?(?:only)?\b|\bonly for (?:education|research|demonstration|learning)\w*\b"
)
"""What a sentence that says what something is not for holds, in English (in lower case)."""
