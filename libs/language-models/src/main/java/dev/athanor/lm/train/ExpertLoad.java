package dev.athanor.lm.train;

import java.util.List;

/**
 * How evenly experts are used.
 *
 * @param greatest load of the most loaded expert of all layers, in fair shares: 1 is even
 * @param utilization mean over the layers of how many evenly loaded experts the load amounts to (e to its entropy), as a share of all
 */
public record ExpertLoad(double greatest, double utilization) {

    /** @param shares for each layer with experts, the share of the assignments that each expert got */
    public static ExpertLoad of(List<double[]> shares) {
        double greatest = 0;
        double utilization = 0;
        for (double[] layer : shares) {
            double entropy = 0;
            for (double share : layer) {
                greatest = Math.max(greatest, share * layer.length);
                entropy -= share > 0 ? share * Math.log(share) : 0;
            }
            utilization += Math.exp(entropy) / layer.length / shares.size();
        }
        return new ExpertLoad(greatest, utilization);
    }
}
