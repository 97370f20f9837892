using Appliance.Hosting.Errors;
using Appliance.Router.Decoding;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Devices;

/// <summary>Carries out what people decide about devices: in the kernel first, then on disk, then shown.</summary>
internal sealed partial class DeviceControl(DeviceInventory inventory, IDeviceBarrier barrier, ILogger<DeviceControl> logger) : IDisposable
{
    public const int MaxNameLength = 64;
    public const int MaxReasonLength = 500;

    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<Device> UpdateAsync(DeviceEdit edit, CancellationToken cancellationToken)
    {
        Demand(edit);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var device = inventory.Find(edit.Id) ?? throw new NotFoundException("device", edit.Id);
            if (edit.Etag.Length > 0 && edit.Etag != device.Etag)
            {
                throw new StaleEtagException($"Device {device.Id} has etag {device.Etag}, the request has {edit.Etag}; read it again and repeat the change.");
            }

            return await ChangeAsync(device, edit, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Notes that the firewall lets a device in again that was in this state: somebody lifted its block or quarantine.</summary>
    public async Task ReopenAsync(MacAddress mac, DeviceState state, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (inventory.Find(mac.ToString()) is { } device && device.State == state)
            {
                inventory.Edit(mac, current => current with { State = DeviceState.New });
                LogChanged(device.Id, device.State, DeviceState.New, "block lifted");
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<Device> ChangeAsync(Device device, DeviceEdit edit, CancellationToken cancellationToken)
    {
        if (edit.State is { } wanted)
        {
            await EnforceAsync(device, wanted, device.State, edit, cancellationToken);
        }

        try
        {
            var changed = inventory.Edit(device.Mac, current => current with
            {
                Name = edit.Name ?? current.Name,
                State = edit.State ?? current.State,
                Policy = edit.Policy ?? current.Policy,
            });
            LogChanged(device.Id, device.State, changed.State, edit.Creator);
            return changed;
        }
        catch when (edit.State is not null && edit.State != device.State)
        {
            // It was not written down, so it must not be in force: nobody would know why.
            await EnforceAsync(device, device.State, edit.State.Value, edit, CancellationToken.None);
            throw;
        }
    }

    private Task EnforceAsync(Device device, DeviceState wanted, DeviceState before, DeviceEdit edit, CancellationToken cancellationToken)
    {
        if (IsClosed(wanted))
        {
            var reason = edit.Reason.Length > 0 ? edit.Reason : $"Device {device.Id} is {wanted}.";
            return barrier.CloseAsync(device.Mac, wanted, reason, edit.Creator, cancellationToken);
        }

        return IsClosed(before) ? barrier.OpenAsync(device.Mac, cancellationToken) : Task.CompletedTask;
    }

    private static bool IsClosed(DeviceState state) => state is DeviceState.Blocked or DeviceState.Quarantined;

    private static void Demand(DeviceEdit edit)
    {
        var faults = Faults(edit).ToList();
        if (faults.Count > 0)
        {
            throw new InvalidInputException(faults);
        }

        if (edit.Policy is DevicePolicy.LanOnly or DevicePolicy.InternetOnly)
        {
            throw new UnsupportedException("DEVICE_POLICY", $"Policy {edit.Policy} is not enforced by this build, which has no rules for it; only Allowed can be set.");
        }
    }

    private static IEnumerable<FieldFault> Faults(DeviceEdit edit)
    {
        if (edit.Name?.Length > MaxNameLength)
        {
            yield return new FieldFault("device.name", $"has {edit.Name.Length} characters; at most {MaxNameLength} are kept");
        }

        if (edit.Name?.Any(char.IsControl) == true)
        {
            yield return new FieldFault("device.name", "has a control character; use one line of plain text");
        }

        if (edit.Reason.Length > MaxReasonLength)
        {
            yield return new FieldFault("reason", $"has {edit.Reason.Length} characters; at most {MaxReasonLength} are kept");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Device {DeviceId} was {Before} and is {After} now, by {Creator}.")]
    private partial void LogChanged(string deviceId, DeviceState before, DeviceState after, string creator);
}
