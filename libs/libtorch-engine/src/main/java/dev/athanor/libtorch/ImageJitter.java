package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.util.RandomUtils;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Random changes of images [..., H, W, C] with the formulas of Apache MXNet's image operators, which DJL's interface follows: a
 * factor drawn from {@code 1 ± strength} each, luma weights 0.299, 0.587, 0.114, hue as a rotation in the YIQ space. Draws come
 * from DJL's seeded generator.
 */
final class ImageJitter {
    private static final double[] LUMA = {0.299, 0.587, 0.114};

    private ImageJitter() {}

    static NDArray randomFlip(LtNDArray image, int axis) {
        if (image.getShape().dimension() < 3) {
            throw new IllegalArgumentException("expected an image [H, W, C], got " + image.getShape());
        }
        boolean flip = RandomUtils.nextGaussian() > 0;
        return image.unary("randomFlip", t -> flip ? t.flip(axis) : t.clone(Absent.FORMAT));
    }

    static NDArray jitter(LtNDArray image, float brightness, float contrast, float saturation, float hue) {
        double bright = factor(brightness);
        double contrasted = factor(contrast);
        double saturated = factor(saturation);
        double turn = hue == 0 ? 0 : RandomUtils.nextFloat(-hue, hue);
        return image.unary("colorJitter", t -> {
            Tensor x = t.to(ScalarType.Float).mul(new Scalar(bright));
            if (contrasted != 1) {
                double gray = luma(x).mean().item_double();
                x = x.mul(new Scalar(contrasted)).add(new Scalar(gray * (1 - contrasted)));
            }
            if (saturated != 1) {
                x = x.mul(new Scalar(saturated)).add(luma(x).mul(new Scalar(1 - saturated)));
            }
            if (turn != 0) {
                x = x.matmul(matrix(hueRotation(turn), x));
            }
            if (t.is_floating_point()) {
                return x.to(t.scalar_type());
            }
            return x.round()
                    .clamp(new ScalarOptional(new Scalar(0.0)), new ScalarOptional(new Scalar(255.0)))
                    .to(t.scalar_type());
        });
    }

    private static double factor(float strength) {
        return strength == 0 ? 1 : 1 + RandomUtils.nextFloat(-strength, strength);
    }

    /** [..., 1] */
    private static Tensor luma(Tensor rgb) {
        return rgb.matmul(matrix(new double[][] {{LUMA[0]}, {LUMA[1]}, {LUMA[2]}}, rgb));
    }

    private static Tensor matrix(double[][] rows, Tensor like) {
        Tensor result = torch.empty(new long[] {rows.length, rows[0].length}, like.options(), Absent.FORMAT);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                result.select(0, i).select(0, j).fill_(new Scalar(rows[i][j]));
            }
        }
        return result;
    }

    /** RGB to YIQ, a turn by {@code turn} half circles in the IQ plane, and back, transposed for rows of pixels. */
    private static double[][] hueRotation(double turn) {
        double u = Math.cos(turn * Math.PI);
        double w = Math.sin(turn * Math.PI);
        double[][] toYiq = {{0.299, 0.587, 0.114}, {0.596, -0.274, -0.321}, {0.211, -0.523, 0.311}};
        double[][] toRgb = {{1, 0.956, 0.621}, {1, -0.272, -0.647}, {1, -1.107, 1.705}};
        double[][] turned = {{1, 0, 0}, {0, u, -w}, {0, w, u}};
        return transpose(multiply(multiply(toRgb, turned), toYiq));
    }

    private static double[][] multiply(double[][] a, double[][] b) {
        double[][] c = new double[3][3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                c[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
            }
        }
        return c;
    }

    private static double[][] transpose(double[][] a) {
        double[][] t = new double[3][3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                t[i][j] = a[j][i];
            }
        }
        return t;
    }
}
