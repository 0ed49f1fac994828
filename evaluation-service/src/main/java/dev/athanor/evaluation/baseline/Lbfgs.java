package dev.athanor.evaluation.baseline;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Limited-memory BFGS (Nocedal &amp; Wright, Numerical Optimization, algorithms 7.4 and 7.5) for smooth convex functions,
 * with a backtracking line search to Armijo's condition. Same function and start, same steps.
 */
final class Lbfgs {

    private static final int MEMORY = 10;
    private static final double SUFFICIENT = 1e-4;

    private final int maxIterations;
    private final double tolerance;

    /** @param tolerance stop where no component of the gradient is larger */
    Lbfgs(int maxIterations, double tolerance) {
        this.maxIterations = maxIterations;
        this.tolerance = tolerance;
    }

    /** A function with its gradient. */
    interface Objective {
        /** @return the value at {@code x}; {@code gradient} is overwritten */
        double at(double[] x, double[] gradient);
    }

    private record Update(double[] step, double[] gradientChange, double rho) {}

    /** @return where the search ended; {@code start} is left as it is */
    double[] minimize(Objective objective, double[] start) {
        double[] x = start.clone();
        var gradient = new double[x.length];
        double value = objective.at(x, gradient);
        Deque<Update> updates = new ArrayDeque<>();
        for (int i = 0; i < maxIterations && largest(gradient) > tolerance; i++) {
            double[] direction = direction(gradient, updates);
            double slope = dot(direction, gradient);
            double step = updates.isEmpty() ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
            var next = new double[x.length];
            var nextGradient = new double[x.length];
            double nextValue;
            while (true) {
                for (int j = 0; j < x.length; j++) {
                    next[j] = x[j] + step * direction[j];
                }
                nextValue = objective.at(next, nextGradient);
                if (nextValue <= value + SUFFICIENT * step * slope) {
                    break;
                }
                step /= 2;
                if (step < 1e-12) {
                    return x;
                }
            }
            remember(updates, difference(next, x), difference(nextGradient, gradient));
            x = next;
            gradient = nextGradient;
            value = nextValue;
        }
        return x;
    }

    /** Two-loop recursion: the negative gradient times the approximated inverse Hessian. */
    private static double[] direction(double[] gradient, Deque<Update> updates) {
        var q = new double[gradient.length];
        for (int i = 0; i < q.length; i++) {
            q[i] = -gradient[i];
        }
        if (updates.isEmpty()) {
            return q;
        }
        var alphas = new double[updates.size()];
        int k = updates.size();
        for (Iterator<Update> newestFirst = updates.descendingIterator(); newestFirst.hasNext(); ) {
            Update u = newestFirst.next();
            alphas[--k] = u.rho * dot(u.step, q);
            add(q, -alphas[k], u.gradientChange);
        }
        Update newest = updates.getLast();
        double scale = 1 / (newest.rho * dot(newest.gradientChange, newest.gradientChange));
        for (int i = 0; i < q.length; i++) {
            q[i] *= scale;
        }
        for (Update u : updates) {
            add(q, alphas[k++] - u.rho * dot(u.gradientChange, q), u.step);
        }
        return q;
    }

    private static void remember(Deque<Update> updates, double[] step, double[] gradientChange) {
        double curvature = dot(step, gradientChange);
        if (curvature <= 1e-300) {
            return;
        }
        if (updates.size() == MEMORY) {
            updates.removeFirst();
        }
        updates.addLast(new Update(step, gradientChange, 1 / curvature));
    }

    private static void add(double[] to, double factor, double[] vector) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * vector[i];
        }
    }

    private static double[] difference(double[] a, double[] b) {
        var result = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = a[i] - b[i];
        }
        return result;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double largest(double[] vector) {
        double largest = 0;
        for (double v : vector) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }
}
