using Appliance.Hosting.Errors;
using Appliance.Hosting.Health;
using Microsoft.Extensions.Logging;

namespace Appliance.Detector.Models;

/// <summary>The one model that scores. It is swapped between two batches: a batch that has begun is done by the model it began with.</summary>
internal sealed partial class ActiveModel(ModelLibrary library, ScorerProbe probe, HealthBoard board, ILogger<ActiveModel> logger) : IDisposable
{
    private const string Part = "model";

    private readonly Lock _gate = new();
    private LoadedModel? _current;

    /// <summary>The active model for one batch, to be disposed after it; null where none is active.</summary>
    public LoadedModel? TryUse()
    {
        // Lost only to a swap that has put the next one in place already.
        while (Volatile.Read(ref _current) is { } model)
        {
            if (model.TryUse())
            {
                return model;
            }
        }

        return null;
    }

    /// <exception cref="BusyException">No model is active.</exception>
    public LoadedModel Use() => TryUse() ?? throw new BusyException("NO_ACTIVE_MODEL", "No model is active; upload one and activate it.");

    /// <summary>At start: the model that was active last, else the shipped one.</summary>
    public void Load()
    {
        lock (_gate)
        {
            var chosen = library.Active;
            if (chosen is not null && TryOpen(chosen, out var fault) is { } model)
            {
                Swap(model, fault);
            }
            else if (library.Shipped is { } shipped && shipped != chosen && TryOpen(shipped, out _) is { } spare)
            {
                Swap(spare, "the chosen one is damaged or of another schema; choose one by `appliance models activate`");
            }
            else
            {
                board.Report(Part, PartState.Degraded, "no model is active; upload one and activate it");
            }
        }
    }

    /// <summary>Makes a model of the library the active one; on disk when it returns.</summary>
    /// <returns>The model that was active before; null where none was.</returns>
    public StoredModel? Activate(StoredModel model)
    {
        lock (_gate)
        {
            var before = _current?.Stored;
            if (before == model)
            {
                return before;
            }

            var next = Open(model, out var fault);
            try
            {
                library.Choose(model);
            }
            catch
            {
                next.Dispose();
                throw;
            }

            Swap(next, fault);
            return before;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Interlocked.Exchange(ref _current, null)?.Dispose();
        }
    }

    private LoadedModel Open(StoredModel model, out string fault)
    {
        var file = library.Read(model);
        return new LoadedModel(model, probe.Open(model.Network, file, out fault));
    }

    private LoadedModel? TryOpen(StoredModel model, out string fault)
    {
        try
        {
            return Open(model, out fault);
        }
        catch (ApplianceException error)
        {
            fault = error.Message;
            LogNotLoaded(model.Id, error.Message);
            return null;
        }
    }

    private void Swap(LoadedModel next, string fault)
    {
        var last = Interlocked.Exchange(ref _current, next);
        last?.Dispose();
        LogActive(next.Stored.Id, next.Stored.Number, next.Scorer.Provider);
        var text = FormattableString.Invariant($"version {next.Stored.Number} scores by {next.Scorer.Provider}");
        board.Report(Part, fault.Length == 0 ? PartState.Healthy : PartState.Degraded, fault.Length == 0 ? text : $"{text}: {fault}");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {ModelId}, version {Version}, scores by {Provider}.")]
    private partial void LogActive(string modelId, long version, string provider);

    [LoggerMessage(Level = LogLevel.Error, Message = "Model {ModelId} can't be loaded: {Fault}")]
    private partial void LogNotLoaded(string modelId, string fault);
}
