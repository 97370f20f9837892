using System.Text.RegularExpressions;
using Appliance.Tests.Shared;

namespace Appliance.Contract.Tests.Architecture;

public sealed partial class SourceTests
{
    private const int MaxLines = 400;

    [Fact]
    public void No_file_is_longer_than_400_lines()
    {
        var long_ = SourceFiles("*").Select(file => (file, lines: File.ReadLines(file).Count()))
            .Where(entry => entry.lines > MaxLines)
            .Select(entry => $"{Relative(entry.file)}: {entry.lines}");

        Assert.Empty(long_);
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var wrong = SourceFiles("Appliance*")
            .Where(file => !file.EndsWith("Program.cs", StringComparison.Ordinal))
            .Select(file => (file, match: NamespaceLine().Match(File.ReadAllText(file))))
            .Where(entry => entry.match.Success && entry.match.Groups["name"].Value != Relative(Path.GetDirectoryName(entry.file)!).Replace('/', '.'))
            .Select(entry => $"{Relative(entry.file)}: {entry.match.Groups["name"].Value}");

        Assert.Empty(wrong);
    }

    [Fact]
    public void A_file_holds_one_public_type()
    {
        var crowded = SourceFiles("Appliance*")
            .Select(file => (file, count: PublicType().Count(File.ReadAllText(file))))
            .Where(entry => entry.count > 1)
            .Select(entry => $"{Relative(entry.file)}: {entry.count}");

        Assert.Empty(crowded);
    }

    [Fact]
    public void Only_the_nftables_folder_names_the_nft_program()
    {
        var outside = SourceFiles("Appliance*")
            .Where(file => !Relative(file).StartsWith("Appliance.Router/Nftables/", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains("/usr/sbin/nft", StringComparison.Ordinal))
            .Select(Relative);

        Assert.Empty(outside);
    }

    [Fact]
    public void Nothing_is_unfinished_by_its_own_word()
    {
        var unfinished = SourceFiles("Appliance*")
            .Where(file => Unfinished().IsMatch(File.ReadAllText(file)))
            .Select(Relative);

        Assert.Empty(unfinished);
    }

    private static IEnumerable<string> SourceFiles(string folders)
        => Directory.EnumerateDirectories(Checkout.Root, folders)
            .Where(folder => Path.GetFileName(folder) is var name && (name.StartsWith("Appliance", StringComparison.Ordinal) || name is "tests" or "bench" or "fuzz"))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private static string Relative(string path) => Path.GetRelativePath(Checkout.Root, path);


    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)\s*;", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^public\s+(sealed\s+|static\s+|abstract\s+|readonly\s+|partial\s+|ref\s+|unsafe\s+)*(class|record|struct|interface|enum)\b", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unfinished();
}
