// RDF terms as results hold them, and how they are shown: shortened by the prefixes, linked to the page that describes them.

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMERIC = new Set(["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger", "gYear"].map((name) => XSD + name));

/** @typedef {{type: "iri"|"literal"|"bnode", value: string, language?: string, datatype?: string}} Term */

export class Namespaces {
  constructor(prefixes, site) {
    this.prefixes = Object.entries(prefixes);
    this.site = site;
  }

  /** `prefix:name` where a prefix fits; ours without the base; else the IRI. */
  compact(iri) {
    for (const [prefix, namespace] of this.prefixes) {
      if (iri.startsWith(namespace) && /^[\p{L}\p{N}_-]+$/u.test(iri.slice(namespace.length))) {
        return `${prefix}:${iri.slice(namespace.length)}`;
      }
    }
    return iri.startsWith(`${this.site.base}id/`) ? iri.slice(this.site.base.length) : iri;
  }

  /** The page of this site that shows an IRI; ours have short addresses. */
  page(iri) {
    const { base, pages, version } = this.site;
    const read = version ? `version=${version}` : "";
    const own = iri.startsWith(`${base}id/`) ? iri.slice(`${base}id/`.length) : null;
    if (own && /^[a-z-]+\/[^?#]+$/.test(own)) return `${pages}/${own}${read && `?${read}`}`;
    return `${pages}/about?iri=${encodeURIComponent(iri)}${read && `&${read}`}`;
  }

  text(term) {
    if (!term) return "";
    return term.type === "iri" ? this.compact(term.value) : term.type === "bnode" ? `_:${term.value}` : term.value;
  }
}

export function numberOf(term) {
  if (!term || term.type !== "literal" || !NUMERIC.has(term.datatype)) return null;
  const value = Number(term.value);
  return Number.isFinite(value) ? value : null;
}

/** The year that a term begins with, when it is a date or a year. */
export function yearOf(term) {
  if (!term || term.type !== "literal") return null;
  const dated = /^(gYear|gYearMonth|date|dateTime)$/.test((term.datatype ?? "").replace(XSD, ""));
  const match = dated && /^(-?\d{4,})/.exec(term.value);
  return match ? Number(match[1]) : null;
}
