using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Appliance.Hosting.Tests;

/// <summary>Sums what one host counts, by the tag "reason".</summary>
internal sealed class MeterReadings : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Instrument, string? Reason), long> _sums = new();

    public MeterReadings(IServiceProvider host)
    {
        // Hosts in one process share meter names; the scope tells them apart.
        var scope = host.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, scope))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var reason = tags.ToArray().FirstOrDefault(tag => tag.Key == "reason").Value as string;
            _sums.AddOrUpdate((instrument.Name, reason), value, (_, sum) => sum + value);
        });
        _listener.Start();
    }

    public long Sum(string instrument, string reason) => _sums.GetValueOrDefault((instrument, reason));

    public void Dispose() => _listener.Dispose();
}
