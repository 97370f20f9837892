namespace Appliance.Hosting.Power;

/// <summary>The machine under the role. Both throw <see cref="Errors.BusyException"/> where the role may not do that.</summary>
public interface IMachinePower
{
    /// <summary>Ends when the machine has begun to stop.</summary>
    Task RebootAsync(CancellationToken token);

    /// <summary>Ends when the machine has begun to stop; something outside it has to start it again.</summary>
    Task ShutdownAsync(CancellationToken token);
}
