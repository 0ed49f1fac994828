package dev.athanor.preprocessing.mix;

import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.spec.MixSpec;
import dev.athanor.preprocessing.words.Domains;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The group of each document, and how often the documents of each group occur in the mixture. */
final class Groups {

    private final List<MixSpec.Group> groups;
    private final MixSpec spec;

    Groups(MixSpec spec) {
        this.spec = spec;
        groups = spec.groups();
    }

    int size() {
        return groups.size() + 1;
    }

    String name(int group) {
        return group < groups.size() ? groups.get(group).name() : "rest";
    }

    /** The first group that the document fits; the last number is the rest. */
    int of(Document document) {
        for (int i = 0; i < groups.size(); i++) {
            if (fits(groups.get(i), document)) {
                return i;
            }
        }
        return groups.size();
    }

    private static boolean fits(MixSpec.Group group, Document document) {
        return equal(group.source(), document.source())
                && equal(group.language(), document.language())
                && (group.domain() == null || Domains.isWithin(Domains.host(document.uri()), group.domain()));
    }

    private static boolean equal(@Nullable String wanted, @Nullable String got) {
        return wanted == null || wanted.equals(got);
    }

    /**
     * How often a document of each group occurs, on average: what is wanted of the group over what there is, at most its cap.
     * What a capped group cannot give is shared among the others by their weights.
     *
     * @param characters of each group
     */
    double[] epochs(long[] characters) {
        var epochs = new double[size()];
        var open = new ArrayList<Integer>();
        for (int i = 0; i < size(); i++) {
            if (weight(i) > 0 && characters[i] > 0) {
                open.add(i);
            }
        }
        if (spec.characters() == 0) {
            double weights = open.stream().mapToDouble(this::weight).sum();
            double total = open.stream()
                    .mapToDouble(i -> characters[i] * cap(i) * weights / weight(i))
                    .min()
                    .orElse(0);
            open.forEach(i -> epochs[i] = Math.min(cap(i), total * weight(i) / weights / characters[i]));
            return epochs;
        }
        double left = spec.characters();
        boolean capped = true;
        while (capped && !open.isEmpty()) {
            capped = false;
            double weights = open.stream().mapToDouble(this::weight).sum();
            double share = left / weights;
            for (int i : List.copyOf(open)) {
                if (share * weight(i) / characters[i] >= cap(i)) {
                    epochs[i] = cap(i);
                    left -= cap(i) * characters[i];
                    open.remove(Integer.valueOf(i));
                    capped = true;
                }
            }
            if (!capped) {
                open.forEach(i -> epochs[i] = share * weight(i) / characters[i]);
            }
        }
        return epochs;
    }

    private double weight(int group) {
        return group < groups.size() ? groups.get(group).weight() : spec.restWeight();
    }

    private double cap(int group) {
        Double cap = group < groups.size() ? groups.get(group).maxEpochs() : Double.valueOf(spec.restMaxEpochs());
        return cap == null ? 1 : cap;
    }
}
