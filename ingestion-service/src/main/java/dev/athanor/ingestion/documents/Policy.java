package dev.athanor.ingestion.documents;

import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.spec.IngestPolicy;
import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Facts;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges documents by their licence and by what their page says about being used. */
final class Policy {

    static final String LICENCE_DETECTED = "licence-detected";

    private static final Set<String> OPT_OUTS = Set.of("noindex", "none", "noai");

    private final IngestPolicy spec;

    Policy(IngestPolicy spec) {
        this.spec = spec;
    }

    /** Why the document must stay out, or null. */
    @Nullable
    DeadLetterReason refusal(Document document) {
        if (spec.honourOptOuts() && consent(document).equals("opted-out")) {
            return DeadLetterReason.OPTED_OUT;
        }
        boolean allowed = spec.allows(document.licence());
        String detected = document.metadata().get(LICENCE_DETECTED);
        return allowed && (detected == null || spec.allows(detected)) ? null : DeadLetterReason.LICENCE;
    }

    /** Only pages of the web are asked: a local file was put there by someone who means it. */
    static String consent(Document document) {
        if (!document.uri().startsWith("http")) {
            return "not-stated";
        }
        String robots = document.metadata().getOrDefault(Facts.ROBOTS, "").toLowerCase(Locale.ROOT);
        String reservation = document.metadata().getOrDefault(Facts.TDM_RESERVATION, "");
        for (String directive : robots.split("[,;\\s]+")) {
            if (OPT_OUTS.contains(directive)) {
                return "opted-out";
            }
        }
        return List.of(reservation.split("[,\\s]+")).contains("1")
                ? "opted-out"
                : robots.isEmpty() && reservation.isEmpty() ? "not-stated" : "allowed";
    }
}
