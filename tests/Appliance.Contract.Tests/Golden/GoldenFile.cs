using Appliance.Tests.Shared;

namespace Appliance.Contract.Tests.Golden;

/// <summary>The committed bytes of one proto package: a line a field, a line an enum value, names from the package on.</summary>
internal sealed class GoldenFile
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private GoldenFile(IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            var parts = line.Split(' ');
            Assert.True(parts.Length == 2 && _values.TryAdd(parts[0], parts[1]), $"'{line}' is not a name and its value, or its name stands twice.");
        }
    }

    /// <summary>Names in the order of the file.</summary>
    public IEnumerable<string> Names => _values.Keys;

    public static GoldenFile Of(string package) => new(File.Exists(PathOf(package)) ? File.ReadLines(PathOf(package)) : []);

    public static string NameOf(string package) => $"tests/Appliance.Contract.Tests/Golden/{package}.txt";

    public string? Find(string name) => _values.GetValueOrDefault(name);

    private static string PathOf(string package) => Path.Combine(Checkout.Root, NameOf(package));
}
