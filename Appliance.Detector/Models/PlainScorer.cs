using System.Numerics;
using System.Runtime.InteropServices;

namespace Appliance.Detector.Models;

/// <summary>The model in plain C#: what every other scorer must agree with, and the last to fall back on.</summary>
/// <remarks>
/// Every sum is taken in one order and nothing is fused, so the result has the same bits on every machine: vectors run
/// across a layer's outputs, never across the terms of a sum.
/// </remarks>
public sealed class PlainScorer(Autoencoder model) : IWindowScorer
{
    /// <summary>Widest layer that a model may have.</summary>
    internal const int WidestLayer = 256;

    private readonly int _features = model.Features.Length;

    public string Provider => "plain";

    public void Score(ReadOnlySpan<float> windows, int count, Span<float> scores, Span<float> reconstructions)
    {
        Span<float> scaled = stackalloc float[WidestLayer];
        Span<float> buffer = stackalloc float[WidestLayer];
        scaled = scaled[.._features];
        for (var i = 0; i < count; i++)
        {
            Scale(windows.Slice(i * _features, _features), scaled);
            var rebuilt = reconstructions.IsEmpty ? buffer[.._features] : reconstructions.Slice(i * _features, _features);
            Rebuild(scaled, rebuilt);
            scores[i] = MeanSquare(scaled, rebuilt);
        }
    }

    /// <summary>Takes values from their own units to the network's.</summary>
    internal void Scale(ReadOnlySpan<float> values, Span<float> scaled)
    {
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] = (Logarithm.OnePlus(values[i]) - model.Offsets[i]) / model.Scales[i];
        }
    }

    private void Rebuild(ReadOnlySpan<float> scaled, Span<float> rebuilt)
    {
        Span<float> one = stackalloc float[WidestLayer];
        Span<float> other = stackalloc float[WidestLayer];
        for (var i = 0; i < scaled.Length; i++)
        {
            one[i] = Math.Clamp(scaled[i], -model.InputLimit, model.InputLimit);
        }

        for (var i = 0; i < model.Layers.Length; i++)
        {
            var layer = model.Layers[i];
            Apply(layer, one[..layer.Inputs], other[..layer.Outputs]);
            if (i < model.Layers.Length - 1)
            {
                Rectify(other[..layer.Outputs]);
            }

            var last = one;
            one = other;
            other = last;
        }

        one[.._features].CopyTo(rebuilt);
    }

    private static void Apply(Layer layer, ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        layer.Biases.AsSpan().CopyTo(outputs);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(outputs);
        for (var i = 0; i < inputs.Length; i++)
        {
            var row = layer.Weights.AsSpan(i * layer.Outputs, layer.Outputs);
            var wide = MemoryMarshal.Cast<float, Vector<float>>(row);
            var factor = new Vector<float>(inputs[i]);
            for (var j = 0; j < vectors.Length; j++)
            {
                vectors[j] += wide[j] * factor;
            }

            for (var j = vectors.Length * Vector<float>.Count; j < row.Length; j++)
            {
                outputs[j] += row[j] * inputs[i];
            }
        }
    }

    private static void Rectify(Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Math.Max(0f, values[i]);
        }
    }

    private static float MeanSquare(ReadOnlySpan<float> scaled, ReadOnlySpan<float> rebuilt)
    {
        var sum = 0f;
        for (var i = 0; i < scaled.Length; i++)
        {
            var error = scaled[i] - rebuilt[i];
            sum += error * error;
        }

        return sum / scaled.Length;
    }
}
