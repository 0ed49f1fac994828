package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which documents may enter a corpus. What is kept out is counted as {@code documents.dropped.<reason>}.
 *
 * @param allowedLicences licences as in {@code Document.licence} (SPDX ids); empty = all; the entry {@code unknown} admits
 *     documents of which no licence is known
 * @param honourOptOuts keep out web pages that say noindex, noai or reserve text and data mining
 */
public record IngestPolicy(List<String> allowedLicences, boolean honourOptOuts) {

    public static final String UNKNOWN = "unknown";

    public static final IngestPolicy DEFAULTS = new IngestPolicy(List.of(), true);

    public IngestPolicy {
        Checks.present("allowedLicences", allowedLicences);
        allowedLicences = List.copyOf(allowedLicences);
    }

    /** @param licence null where none is known */
    public boolean allows(@Nullable String licence) {
        return allowedLicences.isEmpty() || allowedLicences.contains(licence == null ? UNKNOWN : licence);
    }
}
