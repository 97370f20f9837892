using Appliance.Router.Decoding;
using Appliance.Router.Devices;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Tests.Devices;

public sealed class VendorRegistryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Longest_prefix_names_the_maker()
    {
        File.WriteAllText(_folder.File("oui.csv"), "MA-L,1CC0E1,IEEE Registration Authority,\n");
        File.WriteAllText(_folder.File("mam.csv"), "MA-M,1CC0E1A,Twenty-eight,\n");
        File.WriteAllText(_folder.File("oui36.csv"), "MA-S,1CC0E1A77,Thirty-six,\n");
        var registry = Open(_folder.Path);

        var makers = new ulong[] { 0x1cc0_e1b0_0000, 0x1cc0_e1a0_0000, 0x1cc0_e1a7_7123, 0x1cc0_e2a7_7123 }.Select(mac => registry.Find(new MacAddress(mac)));

        Assert.Equal(["IEEE Registration Authority", "Twenty-eight", "Thirty-six", ""], makers);
    }

    [Fact]
    public void List_as_text_is_read_where_there_are_no_values()
    {
        File.WriteAllText(_folder.File("oui.txt"), "00-22-72   (hex)\t\tAmerican Micro-Fuel Device Corp.\r\n");

        Assert.Equal("American Micro-Fuel Device Corp.", Open(_folder.Path).Find(new MacAddress(0x0022_7200_0001)));
    }

    [Fact]
    public void Without_a_registry_no_maker_is_known()
    {
        var registry = Open(_folder.File("absent"));

        Assert.Equal(0, registry.Count);
        Assert.Equal("", registry.Find(new MacAddress(0x0022_7200_0001)));
    }

    [Fact]
    public void Both_forms_of_the_installed_list_say_the_same()
    {
        var installed = new DeviceOptions().RegistryFolder;
        Assert.SkipUnless(File.Exists(Path.Combine(installed, "oui.csv")), "The Debian package ieee-data is not installed.");
        var values = new Dictionary<ulong, string>();
        var text = new Dictionary<ulong, string>();

        OuiList.ReadValues(File.ReadLines(Path.Combine(installed, "oui.csv")), (bits, _, maker) => values.TryAdd(bits, maker));
        OuiList.ReadText(File.ReadLines(Path.Combine(installed, "oui.txt")), (bits, _, maker) => text.TryAdd(bits, maker));

        Assert.True(values.Count > 30_000, $"{values.Count} makers were read.");
        Assert.Equal(text.Keys.Order(), values.Keys.Order());

        // The text leaves quotes out.
        Assert.All(text, entry => Assert.Equal(entry.Value, values[entry.Key].Replace("\"", "", StringComparison.Ordinal).Trim()));
    }

    private static VendorRegistry Open(string folder)
    {
        var registry = new VendorRegistry(Options.Create(new DeviceOptions { RegistryFolder = folder }), NullLogger<VendorRegistry>.Instance);
        registry.Load();
        return registry;
    }
}
