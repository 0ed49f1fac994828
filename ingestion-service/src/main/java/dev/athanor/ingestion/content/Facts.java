package dev.athanor.ingestion.content;

/** Keys of facts that mean the same wherever they come from. */
public final class Facts {

    /** ISO-8601 instant at which a page was fetched; becomes {@code Document.fetchedAt}. */
    public static final String FETCHED_AT = "fetched-at";

    /** Robots directives of the page's meta tag or X-Robots-Tag header, in lower case. */
    public static final String ROBOTS = "robots";

    /** Value of the TDM reservation protocol's tag or header: {@code 1} = rights reserved. */
    public static final String TDM_RESERVATION = "tdm-reservation";

    private Facts() {}
}
