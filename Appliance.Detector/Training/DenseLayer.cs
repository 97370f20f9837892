using Appliance.Detector.Models;

namespace Appliance.Detector.Training;

/// <summary>A layer while it learns: weights, their gradients, and Adam's memory of these.</summary>
/// <remarks>Sums run in one order on one thread, so that every machine gets the same bits.</remarks>
internal sealed class DenseLayer
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;
    private const double Tiny = 1e-8;

    private readonly int _inputs;
    private readonly int _outputs;
    private readonly double[] _weights;
    private readonly double[] _gradients;
    private readonly double[] _first;
    private readonly double[] _second;
    private double _firstPower = 1;
    private double _secondPower = 1;

    public DenseLayer(int inputs, int outputs, RandomSequence random)
    {
        (_inputs, _outputs) = (inputs, outputs);
        // The biases stand behind the weights, as one more row.
        var count = (inputs + 1) * outputs;
        (_weights, _gradients, _first, _second) = (new double[count], new double[count], new double[count], new double[count]);
        // Uniform with the variance 2 / inputs, for ReLU (He et al., 2015).
        var bound = Math.Sqrt(6.0 / inputs);
        for (var i = 0; i < inputs * outputs; i++)
        {
            _weights[i] = ((2 * random.NextDouble()) - 1) * bound;
        }

        Values = new double[outputs];
        Errors = new double[outputs];
    }

    /// <summary>What came out last.</summary>
    public double[] Values { get; }

    /// <summary>Derivative of the loss by <see cref="Values"/>; the caller sets it before <see cref="Back"/>.</summary>
    public double[] Errors { get; }

    public void Forward(double[] inputs, bool isRectified)
    {
        Array.Copy(_weights, _inputs * _outputs, Values, 0, _outputs);
        Span<double> values = Values;
        for (var i = 0; i < _inputs; i++)
        {
            // A value of zero adds nothing; most are, since zero is the usual count and stays zero when scaled.
            if (inputs[i] != 0)
            {
                AddScaled(values, Row(_weights, i), inputs[i]);
            }
        }

        for (var j = 0; j < values.Length && isRectified; j++)
        {
            values[j] = Math.Max(0, values[j]);
        }
    }

    /// <summary>Adds to the gradients, and tells the layer before its errors.</summary>
    public void Back(double[] inputs, double[]? errorsBefore)
    {
        AddScaled(Row(_gradients, _inputs), Errors, 1);
        for (var i = 0; i < _inputs; i++)
        {
            if (inputs[i] != 0)
            {
                AddScaled(Row(_gradients, i), Errors, inputs[i]);
            }

            if (errorsBefore is not null)
            {
                errorsBefore[i] = Dot(Row(_weights, i), Errors);
            }
        }
    }

    /// <summary>One step of Adam along the mean of the gradients.</summary>
    public void Step(double rate, int batch)
    {
        _firstPower *= FirstDecay;
        _secondPower *= SecondDecay;
        for (var i = 0; i < _weights.Length; i++)
        {
            var gradient = _gradients[i] / batch;
            _gradients[i] = 0;
            _first[i] = (FirstDecay * _first[i]) + ((1 - FirstDecay) * gradient);
            _second[i] = (SecondDecay * _second[i]) + ((1 - SecondDecay) * gradient * gradient);
            var mean = _first[i] / (1 - _firstPower);
            var variance = _second[i] / (1 - _secondPower);
            _weights[i] -= rate * mean / (Math.Sqrt(variance) + Tiny);
        }
    }

    public Layer ToLayer() => new(
        _inputs,
        _outputs,
        [.. _weights.Take(_inputs * _outputs).Select(weight => (float)weight)],
        [.. _weights.Skip(_inputs * _outputs).Select(weight => (float)weight)]);

    private Span<double> Row(double[] matrix, int row) => matrix.AsSpan(row * _outputs, _outputs);

    private static void AddScaled(Span<double> sums, ReadOnlySpan<double> values, double factor)
    {
        values = values[..sums.Length];
        for (var j = 0; j < sums.Length; j++)
        {
            sums[j] += values[j] * factor;
        }
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        right = right[..left.Length];
        for (var j = 0; j < left.Length; j++)
        {
            sum += left[j] * right[j];
        }

        return sum;
    }
}
