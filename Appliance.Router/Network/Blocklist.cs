using System.Text;

namespace Appliance.Router.Network;

/// <summary>Names that do not exist for the network, out of files and of feeds.</summary>
/// <param name="Names">Lower case, each once, in order.</param>
/// <param name="RefusedCount">Lines that are none of a list's, names of one's own network among them.</param>
/// <param name="Faults">Files that could not be read, and names that found no room.</param>
internal sealed record Blocklist(IReadOnlyCollection<string> Names, int RefusedCount, IReadOnlyList<string> Faults)
{
    // 100 bytes each in dnsmasq; the largest lists in use have some 400 000.
    public const int MaxNames = 500_000;

    // Half a million names of 60 characters.
    private const int MaxFileBytes = 32 * 1024 * 1024;

    public static Blocklist Read(IEnumerable<string> files, IReadOnlyList<string> listed, string ownDomain)
    {
        var names = new SortedSet<string>(listed.Where(name => !Covers(name, ownDomain)).Take(MaxNames), StringComparer.Ordinal);
        var faults = new List<string>();
        var refused = 0;
        foreach (var file in files)
        {
            try
            {
                if (new FileInfo(file).Length > MaxFileBytes)
                {
                    faults.Add($"{file} is longer than {MaxFileBytes / 1024 / 1024} MiB and is left out");
                    continue;
                }

                refused += Add(File.ReadAllBytes(file), ownDomain, names, out var isFull);
                if (isFull)
                {
                    faults.Add($"{file} holds more than there is room for, {MaxNames} names in all");
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                faults.Add($"{file} can't be read: {error.Message}");
            }
        }

        return new Blocklist(names, refused, faults);
    }

    /// <summary>As dnsmasq reads it: a name with no server is asked of nobody, and does not exist.</summary>
    public string Render()
    {
        var text = new StringBuilder(Names.Count * 32);
        foreach (var name in Names)
        {
            text.Append("server=/").Append(name).Append("/\n");
        }

        return text.ToString();
    }

    private static int Add(ReadOnlySpan<byte> file, string ownDomain, SortedSet<string> names, out bool isFull)
    {
        var own = 0;
        var reader = new BlocklistReader(file);
        isFull = false;
        while (!isFull && reader.TryNext(out var found))
        {
            var name = Encoding.ASCII.GetString(found).ToLowerInvariant();
            if (Covers(name, ownDomain))
            {
                own++;
            }
            else if (names.Count < MaxNames)
            {
                names.Add(name);
            }
            else
            {
                isFull = !names.Contains(name);
            }
        }

        return reader.RefusedCount + own;
    }

    private static bool Covers(string name, string domain) =>
        domain.Equals(name, StringComparison.OrdinalIgnoreCase) || domain.EndsWith($".{name}", StringComparison.OrdinalIgnoreCase);
}
