using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Devices;

/// <summary>Makers by the first 24, 28 or 36 bits of a MAC address, from the IEEE's lists.</summary>
internal sealed partial class VendorRegistry(IOptions<DeviceOptions> options, ILogger<VendorRegistry> logger)
{
    private const int MacBits = 48;

    // Each list as comma-separated values; the first as text, too, in older releases of the package.
    private static readonly string[] Lists = ["oui.csv", "mam.csv", "oui36.csv", "iab.csv"];
    private const string TextList = "oui.txt";

    // The longest first: a maker's block may be divided among others.
    private static readonly int[] Lengths = [36, 28, 24];

    private Dictionary<ulong, string> _makers = [];

    public int Count => _makers.Count;

    /// <summary>Reads the lists that are there, and says so where none is.</summary>
    public void Load()
    {
        var makers = new Dictionary<ulong, string>();
        try
        {
            foreach (var path in Lists.Select(PathOf).Where(File.Exists))
            {
                OuiList.ReadValues(File.ReadLines(path), (bits, length, maker) => makers.TryAdd(KeyOf(bits, length), maker));
            }

            if (makers.Count == 0 && File.Exists(PathOf(TextList)))
            {
                OuiList.ReadText(File.ReadLines(PathOf(TextList)), (bits, length, maker) => makers.TryAdd(KeyOf(bits, length), maker));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(options.Value.RegistryFolder, error);
        }

        _makers = makers;
        if (makers.Count == 0)
        {
            LogAbsent(options.Value.RegistryFolder);
        }
        else
        {
            LogLoaded(makers.Count, options.Value.RegistryFolder);
        }
    }

    /// <summary>The maker; empty for one that is not listed, and for an address that its owner made up.</summary>
    public string Find(Decoding.MacAddress mac)
    {
        if (mac.IsLocal || mac.IsGroup)
        {
            return "";
        }

        foreach (var length in Lengths)
        {
            if (_makers.TryGetValue(KeyOf(mac.Value >> (MacBits - length), length), out var maker))
            {
                return maker;
            }
        }

        return "";
    }

    // The length goes in front, so that prefixes of different lengths share one table.
    private static ulong KeyOf(ulong bits, int length) => (ulong)length << MacBits | bits;

    private string PathOf(string name) => Path.Combine(options.Value.RegistryFolder, name);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} makers of network cards are known from {Folder}.")]
    private partial void LogLoaded(int count, string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "Makers of devices are not known: {Folder} holds no registry; install the package ieee-data.")]
    private partial void LogAbsent(string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The registry of makers in {Folder} cannot be read.")]
    private partial void LogUnreadable(string folder, Exception error);
}
