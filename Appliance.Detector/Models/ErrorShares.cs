using System.Collections.Immutable;

namespace Appliance.Detector.Models;

/// <summary>Tells which features a window's score comes from.</summary>
public static class ErrorShares
{
    /// <summary>More than these nobody reads.</summary>
    public const int Most = 5;

    /// <summary>The features with the largest part of the squared error, the largest first; none has share 0.</summary>
    /// <param name="model">The model that scored.</param>
    /// <param name="values">The window, in the features' own units.</param>
    /// <param name="reconstruction">What the model made of it, scaled.</param>
    public static IReadOnlyList<FeatureShare> Of(Autoencoder model, ReadOnlySpan<float> values, ReadOnlySpan<float> reconstruction)
    {
        var errors = new float[values.Length];
        var whole = 0f;
        for (var i = 0; i < errors.Length; i++)
        {
            var scaled = (Logarithm.OnePlus(values[i]) - model.Offsets[i]) / model.Scales[i];
            errors[i] = (scaled - reconstruction[i]) * (scaled - reconstruction[i]);
            whole += errors[i];
        }

        var shares = ImmutableArray.CreateBuilder<FeatureShare>(Most);
        foreach (var i in Enumerable.Range(0, errors.Length).OrderByDescending(i => errors[i]).Take(Most).Where(i => errors[i] > 0))
        {
            shares.Add(new FeatureShare(model.Features[i], values[i], Unscale(model, i, reconstruction[i]), errors[i] / whole));
        }

        return shares.ToImmutable();
    }

    private static float Unscale(Autoencoder model, int feature, float scaled) =>
        Math.Max(0f, MathF.Exp(model.Offsets[feature] + (model.Scales[feature] * scaled)) - 1f);
}
