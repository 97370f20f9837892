using System.Text;

namespace Appliance.Bmc.Simulation;

/// <summary>Rails, boot pins, USB switch and slots of the board, and the state that its daemon keeps.</summary>
internal sealed class BoardHardware : IDisposable
{
    public const int SlotCount = 4;
    public const byte AllSlots = 0b1111;

    // set_power_node of the daemon waits this long before each slot, so four slots take 0.4 s.
    private static readonly TimeSpan SwitchTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ResetTime = TimeSpan.FromSeconds(1);

    private readonly SimulatorOptions _options;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly ModuleSlot[] _slots;
    private byte _bootPins;
    private UsbSetting _usbPins;
    private string? _firmware;
    private string? _staged;

    public BoardHardware(SimulatorOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        if (options.Boot is not null)
        {
            QemuMachine.Check(options.Boot);
        }

        _slots = [.. Enumerable.Range(0, SlotCount).Select(node => NewSlot(node, options))];
        _usbPins = new UsbSetting(0, UsbRole.Device, ToBmc: false);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var nodes = Enumerable.Range(0, SlotCount)
            .Select(node => new NodeRecord(null, null, (options.StoredPower & (1 << node)) != 0 ? now : null, null));
        var first = new BoardRecord(_options.StoredPower, _usbPins, [.. nodes], FanSpeed: 0, AlternativePort: false);
        Store = new StateStore(first, _options.Profile.WriteDelay, _clock);
    }

    /// <summary>What the daemon believes; power here is an intention, not a measurement.</summary>
    public StateStore Store { get; }

    public long SdCardBytes => _options.SdCardBytes;

    /// <summary>Which slots really have power, slot 1 in bit 0.</summary>
    public byte Rails => Read(() => (byte)_slots.Index().Sum(slot => slot.Item.IsPowered ? 1 << slot.Index : 0));

    /// <summary>Slots that enter their USB loader at the next power-on.</summary>
    public byte BootPins => Read(() => _bootPins);

    /// <summary>How the USB switch really stands.</summary>
    public UsbSetting UsbPins => Read(() => _usbPins);

    /// <summary>Version of the firmware that was booted since it was installed; null for what the board came with.</summary>
    public string? Firmware => Read(() => _firmware);

    public ConsoleBuffer Console(int node) => _slots[node].Console;

    public SimulatedModule Module(int node) => _slots[node].Module;

    public bool HasBooted(int node) => Read(() => _slots[node].HasBooted);

    public WrittenImage? Content(int node) => Read(() => _slots[node].Content);

    public BoardRecord Stored() => Read(() => Store.Current);

    /// <summary>
    /// The module that a driver of the daemon finds: on one bus that of the slot that the switch serves, on a hub the first in boot mode,
    /// which need not be the one that was meant. Null when there is none.
    /// </summary>
    public int? FindDisk(int meant) => Read<int?>(() =>
    {
        if (_options.Faults.TakesUsbFailure())
        {
            return null;
        }

        var seen = _options.Profile.UsbHub ? _slots.Index() : _slots.Index().Where(slot => slot.Index == meant);
        return seen.Where(slot => slot.Item.ShowsDisk).Select(slot => (int?)slot.Index).FirstOrDefault();
    });

    /// <summary>Stores the intention and then switches the rails, slot after slot.</summary>
    public async Task ActivateAsync(byte states, byte mask, CancellationToken token)
    {
        Intend(states, mask);
        await SwitchAsync(states, mask, token);
    }

    /// <summary>What each start of the daemon does: the stored power goes to the rails, whatever was switched since.</summary>
    public void Restore()
    {
        var power = Stored().Power;
        Intend(power, AllSlots);
        for (var node = 0; node < SlotCount; node++)
        {
            SwitchRail(node, (power & (1 << node)) != 0);
        }

        RouteUsb(Stored().Usb);
    }

    /// <summary>A reboot of the BMC: on boards before v2.5 the slots lose their power by it.</summary>
    public void Reboot()
    {
        SetBootPins(0, AllSlots);
        BootFirmware();
        for (var node = 0; !_options.Profile.LatchesPower && node < SlotCount; node++)
        {
            SwitchRail(node, on: false);
        }
    }

    /// <summary>Keeps firmware for the next reboot of the BMC, whatever its daemon does till then; null says nothing of its version.</summary>
    public void StageFirmware(string? version)
    {
        lock (_gate)
        {
            _staged = version;
        }
    }

    /// <summary>Off, a second, on: on the rail only, so a slot stored as off ends up powered.</summary>
    public async Task ResetAsync(int node, CancellationToken token)
    {
        var bit = (byte)(1 << node);
        await SwitchAsync(0, bit, token);
        await PauseAsync(ResetTime, token);
        await SwitchAsync(bit, bit, token);
    }

    public void SetBootPins(byte states, byte mask)
    {
        lock (_gate)
        {
            _bootPins = (byte)((_bootPins & ~mask) | (states & mask));
        }
    }

    public void RouteUsb(UsbSetting setting)
    {
        lock (_gate)
        {
            _usbPins = setting;
        }
    }

    /// <summary>What is typed comes back, where there is a terminal.</summary>
    public void Type(int node, string command)
    {
        if (_slots[node].Machine?.Type(command) is not true && Read(() => _slots[node].HasTerminal))
        {
            Console(node).Write(Encoding.UTF8.GetBytes($"{command}\r\n"));
        }
    }

    /// <summary>Begins to write a module's flash anew; null where that is not kept.</summary>
    public SlotDisk? Rewrite(int node) => _slots[node].Machine?.Rewrite();

    /// <summary>What is on the module is no use any more.</summary>
    public void Damage(int node)
    {
        SetContent(node, content => content is null ? new WrittenImage(0, "", default, IsWhole: false, Label: null) : content with { IsWhole = false });
        _slots[node].Machine?.Damage();
    }

    public void SetContent(int node, Func<WrittenImage?, WrittenImage> content)
    {
        lock (_gate)
        {
            _slots[node].Content = content(_slots[node].Content);
        }
    }

    public void Hang(int node)
    {
        lock (_gate)
        {
            _slots[node].IsHung = true;
        }

        _slots[node].Machine?.Freeze();
    }

    public void Change(Func<BoardRecord, BoardRecord> change)
    {
        lock (_gate)
        {
            Store.Set(change(Store.Current));
        }
    }

    /// <summary>Ends the daemon's memory: an orderly end writes what is pending, another loses it.</summary>
    public void EndDaemon(bool orderly)
    {
        lock (_gate)
        {
            if (orderly)
            {
                Store.Flush();
            }
            else
            {
                Store.Crash();
            }
        }
    }

    public void Dispose() => Array.ForEach(_slots, slot => slot.Machine?.Dispose());

    public Task PauseAsync(TimeSpan span, CancellationToken token) =>
        _options.Pace > 0 ? Task.Delay(span * _options.Pace, _clock, token) : Task.CompletedTask;

    private static ModuleSlot NewSlot(int node, SimulatorOptions options)
    {
        var console = new ConsoleBuffer();
        return new ModuleSlot(node, options.Modules[node], console)
        {
            Machine = options.Boot is null || options.Modules[node] == SimulatedModule.None ? null : new QemuMachine(options.Boot, node + 1, console),
        };
    }

    private void BootFirmware()
    {
        lock (_gate)
        {
            _firmware = _staged ?? _firmware;
            _staged = null;
        }
    }

    private void Intend(byte states, byte mask) => Change(record => record with
    {
        Power = (byte)((record.Power & ~mask) | (states & mask)),
        Nodes = [.. record.Nodes.Select((node, index) => WithPowerTime(node, index, record.Power, states, mask))],
    });

    private async Task SwitchAsync(byte states, byte mask, CancellationToken token)
    {
        for (var node = 0; node < SlotCount; node++)
        {
            if ((mask & (1 << node)) != 0)
            {
                await PauseAsync(SwitchTime, token);
                SwitchRail(node, (states & (1 << node)) != 0);
            }
        }
    }

    private void SwitchRail(int node, bool on)
    {
        bool boots, falls;
        WrittenImage? image;
        lock (_gate)
        {
            falls = !on && _slots[node].IsPowered;
            boots = _slots[node].Switch(on, (_bootPins & (1 << node)) != 0);
            image = _slots[node].Content;
        }

        // Outside of the lock, for whoever is told may look at the board.
        if (boots)
        {
            _slots[node].Machine?.Start();
            _options.OnBoot?.Invoke(node + 1, image);
        }
        else if (falls)
        {
            _slots[node].Machine?.Stop();
            _options.OnPowerOff?.Invoke(node + 1);
        }
    }

    private NodeRecord WithPowerTime(NodeRecord node, int index, byte power, byte states, byte mask)
    {
        var bit = 1 << index;
        if ((mask & bit) == 0)
        {
            return node;
        }

        // The daemon compares a bit of the mask with 0 or 1, so slots 2 to 4 seem to change whenever they are set on.
        var wanted = (states & bit) != 0 ? 1 : 0;
        return wanted == (power & bit)
            ? node
            : node with { PowerOnTime = wanted == 1 ? _clock.GetUtcNow().ToUnixTimeSeconds() : null };
    }

    private T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
