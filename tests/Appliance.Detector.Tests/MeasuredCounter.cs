using System.Diagnostics.Metrics;

namespace Appliance.Detector.Tests;

/// <summary>What one counter of one test's meters has been given.</summary>
internal sealed class MeasuredCounter : IDisposable
{
    private readonly MeterListener _listener = new();

    public MeasuredCounter(IMeterFactory scope, string instrument)
    {
        _listener.InstrumentPublished = (published, listener) =>
        {
            // The factory is the scope of its meters: tests run side by side.
            if (published.Name == instrument && ReferenceEquals(published.Meter.Scope, scope))
            {
                listener.EnableMeasurementEvents(published);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            Total += value;
            Tags.Add(string.Join(' ', tags.ToArray().Select(tag => tag.Value)));
        });
        _listener.Start();
    }

    public long Total { get; private set; }

    /// <summary>Values of the tags, one text a measurement.</summary>
    public List<string> Tags { get; } = [];

    public void Dispose() => _listener.Dispose();
}
