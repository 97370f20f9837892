using Appliance.Hosting.Errors;
using Appliance.Router.Decoding;
using Microsoft.Extensions.Logging;

namespace Appliance.Router.Devices;

/// <summary>Carries out what people decide about devices: in the kernel first, then on disk, then shown.</summary>
internal sealed partial class DeviceControl(DeviceInventory inventory, IDeviceBarrier barrier, ILogger<DeviceControl> logger) : IDisposable
{
    public const int MaxNameLength = 64;
    public const int MaxReasonLength = 500;
    public const int MaxAllowedTimes = 32;

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
                LogChanged(device.Id, device.State, DeviceState.New, device.Policy, "block lifted");
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Holds all devices to their policies and to their schedules at this moment.</summary>
    public async Task KeepLimitsAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await barrier.LimitAllAsync(inventory.All, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<Device> ChangeAsync(Device device, DeviceEdit edit, CancellationToken cancellationToken)
    {
        await EnforceAsync(device, Apply(edit, device), edit, cancellationToken);
        try
        {
            var changed = inventory.Edit(device.Mac, current => Apply(edit, current));
            LogChanged(device.Id, device.State, changed.State, changed.Policy, edit.Creator);
            return changed;
        }
        catch
        {
            // It was not written down, so it must not be in force: nobody would know why.
            await EnforceAsync(Apply(edit, device), device, edit, CancellationToken.None);
            throw;
        }
    }

    private async Task EnforceAsync(Device before, Device wanted, DeviceEdit edit, CancellationToken cancellationToken)
    {
        if (edit.State is not null)
        {
            await EnforceAsync(before, wanted.State, before.State, edit, cancellationToken);
        }

        if (edit.Policy is not null || edit.AllowedTimes is not null)
        {
            await barrier.LimitAsync(wanted, cancellationToken);
        }
    }

    private static Device Apply(DeviceEdit edit, Device device) => device with
    {
        Name = edit.Name ?? device.Name,
        State = edit.State ?? device.State,
        Policy = edit.Policy ?? device.Policy,
        AllowedTimes = edit.AllowedTimes ?? device.AllowedTimes,
    };

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

        if (edit.AllowedTimes?.Count > MaxAllowedTimes)
        {
            yield return new FieldFault("device.allowed_times", $"has {edit.AllowedTimes.Count} ranges; at most {MaxAllowedTimes} are kept");
        }

        if (edit.Reason.Length > MaxReasonLength)
        {
            yield return new FieldFault("reason", $"has {edit.Reason.Length} characters; at most {MaxReasonLength} are kept");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Device {DeviceId} was {Before} and is {After} with policy {Policy} now, by {Creator}.")]
    private partial void LogChanged(string deviceId, DeviceState before, DeviceState after, DevicePolicy policy, string creator);
}
