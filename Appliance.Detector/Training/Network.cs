using System.Collections.Immutable;
using Appliance.Detector.Models;

namespace Appliance.Detector.Training;

/// <summary>An autoencoder while it learns.</summary>
internal sealed class Network
{
    private readonly DenseLayer[] _layers;

    /// <param name="widths">Values before the first layer and after each.</param>
    /// <param name="random">Gives the first weights.</param>
    public Network(IReadOnlyList<int> widths, RandomSequence random) =>
        _layers = [.. widths.Skip(1).Select((width, i) => new DenseLayer(widths[i], width, random))];

    public ImmutableArray<Layer> ToLayers() => [.. _layers.Select(layer => layer.ToLayer())];

    /// <summary>Learns one window; the step comes after the batch. Returns the mean squared error before.</summary>
    public double Learn(double[] window)
    {
        var loss = Rebuild(window);
        for (var i = _layers.Length - 1; i >= 0; i--)
        {
            var before = i > 0 ? _layers[i - 1] : null;
            _layers[i].Back(before?.Values ?? window, before?.Errors);
            if (before is not null)
            {
                Mask(before);
            }
        }

        return loss;
    }

    public void Step(double rate, int batch)
    {
        foreach (var layer in _layers)
        {
            layer.Step(rate, batch);
        }
    }

    /// <summary>Mean squared error of what the network makes of a window.</summary>
    public double Rebuild(double[] window)
    {
        var values = window;
        for (var i = 0; i < _layers.Length; i++)
        {
            _layers[i].Forward(values, isRectified: i < _layers.Length - 1);
            values = _layers[i].Values;
        }

        var sum = 0.0;
        for (var i = 0; i < window.Length; i++)
        {
            var difference = values[i] - window[i];
            _layers[^1].Errors[i] = 2 * difference / window.Length;
            sum += difference * difference;
        }

        return sum / window.Length;
    }

    // The derivative of ReLU.
    private static void Mask(DenseLayer layer)
    {
        for (var j = 0; j < layer.Values.Length; j++)
        {
            if (layer.Values[j] <= 0)
            {
                layer.Errors[j] = 0;
            }
        }
    }
}
