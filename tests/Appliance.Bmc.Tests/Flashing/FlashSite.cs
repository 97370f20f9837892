using System.Security.Cryptography;
using System.Text;
using Appliance.Bmc.Board;
using Appliance.Bmc.Flashing;
using Appliance.Bmc.Images;
using Appliance.Bmc.Simulation;
using Appliance.Bmc.Slots;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Bmc.Tests.Flashing;

/// <summary>A simulated board and a folder of state, which outlive the program that flashes.</summary>
internal sealed class FlashSite : IAsyncDisposable
{
    /// <summary>What every module of the simulated board prints when it boots anything.</summary>
    public const string Booted = "Starting kernel";

    public static readonly SlotNumber Slot1 = SlotNumber.All[0];
    public static readonly SlotNumber Slot2 = SlotNumber.All[1];
    public static readonly SlotNumber JetsonSlot = SlotNumber.All[2];
    public static readonly SlotNumber EmptySlot = SlotNumber.All[3];

    private readonly TempFolder _folder = new();

    private FlashSite(TestBoard board) => Board = board;

    public TestBoard Board { get; }

    public BoardFaults Faults => Board.Board.Faults;

    public PretendNodes Nodes { get; } = new();

    public SlotOptions Slots { get; } = new();

    public FlashOptions Options { get; } = new()
    {
        PollInterval = TimeSpan.FromMilliseconds(20),
        RestTime = TimeSpan.Zero,
        BoardTime = TimeSpan.FromSeconds(20),
        ProofTime = TimeSpan.FromSeconds(20),
        MaxAttempts = 1,
    };

    public string JournalPath => _folder.File("flashes.json");

    /// <summary>Where node files lie until their slots are written.</summary>
    public IReadOnlyList<string> NodeFiles => Directory.Exists(_folder.File("flash-node-files")) ? Directory.GetFiles(_folder.File("flash-node-files")) : [];

    public string ImagesFolder => _folder.File("images");

    /// <summary>Slot 1 is on, the others are off.</summary>
    public static async Task<FlashSite> StartAsync(Func<SimulatorOptions, SimulatorOptions>? with = null) =>
        new(await TestBoard.StartAsync(with: options => with is null ? options with { StoredPower = 0b0001 } : with(options with { StoredPower = 0b0001 })));

    public static FlashOrder Order(Image image, params SlotNumber[] slots) => new(slots.Length == 0 ? [Slot1] : slots, image.Id, "");

    public ImageLibrary OpenLibrary() => new(ImagesFolder, new ImageOptions { ReservedBytes = 0 }, NullLogger<ImageLibrary>.Instance);

    /// <summary>A slot's power and the board's USB as they really are.</summary>
    public (bool On, UsbSetting Usb) Really(SlotNumber slot) => ((Board.Board.PoweredSlots & (1 << slot.Index)) != 0, Board.Board.Hardware.UsbPins);

    public Task<FlashLife> LiveAsync() => FlashLife.StartAsync(this);

    /// <summary>An image as its maker would upload it: a label that the simulated module boots by, and noise.</summary>
    public static Task<Image> AddAsync(FlashLife life, int length = 1_000_000, string version = "1.2.3", string module = "") =>
        AddAsync(life, Label(RandomNumberGenerator.GetBytes(length), version), version, module);

    public static async Task<Image> AddAsync(FlashLife life, byte[] file, string version, string module = "")
    {
        await using var upload = life.Library.Begin(new ImageHeader("disk.img", version, module, 0, 0), TimeProvider.System);
        await Images.LibraryRig.AppendAsync(upload, file);
        return await upload.FinishAsync(SHA256.HashData(file), TestContext.Current.CancellationToken);
    }

    /// <summary>With the line by which the simulated module knows what it boots.</summary>
    public static byte[] Label(byte[] disk, string version)
    {
        Encoding.ASCII.GetBytes($"APPLIANCE-IMAGE {version} logger node2\n").CopyTo(disk, 512);
        return disk;
    }

    public async ValueTask DisposeAsync()
    {
        await Board.DisposeAsync();
        _folder.Dispose();
    }
}
