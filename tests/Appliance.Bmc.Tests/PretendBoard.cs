using System.Collections.Concurrent;
using Appliance.Bmc.Board;

namespace Appliance.Bmc.Tests;

/// <summary>A board in memory for what a simulated one cannot be made to do; orders are written down and, where they leave something, kept.</summary>
internal sealed class PretendBoard : IBoard
{
    private readonly ConcurrentDictionary<SlotNumber, bool> _power = new(SlotNumber.All.Select(slot => KeyValuePair.Create(slot, true)));

    public ConcurrentQueue<string> Orders { get; } = new();

    public BoardFacts Facts { get; set; } = new(BoardGeneration.Fourth, "Turing Pi 2", "v2.4.0", "turingpi", "2.3.7", "2.1.0");

    public ConcurrentDictionary<SlotNumber, string> Consoles { get; } = new();

    public IReadOnlyList<Fan> Fans { get; set; } = [];

    public UsbRoute Usb { get; set; } = new(SlotNumber.All[0], UsbMode.Device, ToBmc: false);

    public IReadOnlyList<SlotNote> Notes { get; set; } = [];

    /// <summary>False for a board that says "ok" and does nothing.</summary>
    public bool Obeys { get; set; } = true;

    /// <summary>Called before each question and order; throws for a board that does not answer.</summary>
    public Action OnCall { get; set; } = () => { };

    public void Power(int slot, bool on) => _power[SlotNumber.All[slot - 1]] = on;

    public Task<BoardFacts> GetFactsAsync(CancellationToken token) => Answer(() => Facts);

    public Task<BoardResources> GetResourcesAsync(CancellationToken token) => Answer(() => BoardResources.None);

    public Task<SlotPower> GetPowerAsync(CancellationToken token) =>
        Answer(() => new SlotPower(_power[SlotNumber.All[0]], _power[SlotNumber.All[1]], _power[SlotNumber.All[2]], _power[SlotNumber.All[3]]));

    public Task<IReadOnlyList<SlotNote>> GetNotesAsync(CancellationToken token) => Answer(() => Notes);

    public Task SetPowerAsync(SlotNumber slot, bool on, CancellationToken token) => Order($"power {slot} {(on ? "on" : "off")}", () => _power[slot] = on);

    public Task ResetAsync(SlotNumber slot, CancellationToken token) => Order($"reset {slot}", () => { });

    public Task<UsbRoute> GetUsbAsync(CancellationToken token) => Answer(() => Usb);

    public Task SetUsbAsync(UsbRoute route, CancellationToken token) => Order($"usb {route.Slot} {route.Mode} {route.ToBmc}", () => Usb = route);

    public Task ClearUsbBootAsync(CancellationToken token) => Order("clear usb boot", () => { });

    public Task<IReadOnlyList<Fan>> GetFansAsync(CancellationToken token) => Answer(() => Fans);

    public Task SetFanAsync(string device, int speed, CancellationToken token) =>
        Order($"fan {device} {speed}", () => Fans = [.. Fans.Select(fan => fan.Device == device ? fan with { Speed = speed } : fan)]);

    public Task<string> ReadConsoleAsync(SlotNumber slot, CancellationToken token) => Answer(() =>
    {
        var text = Consoles.GetValueOrDefault(slot, "");
        if (Facts.ConsoleReadConsumes)
        {
            Consoles[slot] = "";
        }

        return text;
    });

    public Task WriteConsoleAsync(SlotNumber slot, string line, CancellationToken token) => Order($"type {slot} {line}", () => { });

    public Task<uint> BeginTransferAsync(TransferOrder order, CancellationToken token) => throw new NotSupportedException();

    public Task UploadAsync(uint handle, TransferOrder order, Stream content, IProgress<long> sent, CancellationToken token) => throw new NotSupportedException();

    public Task<TransferStatus> GetTransferAsync(CancellationToken token) => throw new NotSupportedException();

    public Task CancelTransferAsync(uint handle, CancellationToken token) => throw new NotSupportedException();

    public Task RestartDaemonAsync(CancellationToken token) => Order("restart", () => { });

    private Task<T> Answer<T>(Func<T> what)
    {
        try
        {
            OnCall();
            return Task.FromResult(what());
        }
        catch (Hosting.Errors.ApplianceException error)
        {
            return Task.FromException<T>(error);
        }
    }

    private Task<bool> Order(string order, Action carryOut) => Answer(() =>
    {
        Orders.Enqueue(order);
        if (Obeys)
        {
            carryOut();
        }

        return true;
    });
}
