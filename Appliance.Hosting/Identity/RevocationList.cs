using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Appliance.Hosting.Configuration;

namespace Appliance.Hosting.Identity;

/// <summary>The serial numbers that are accepted no more. What is in it stays, also over a restart without the router.</summary>
/// <remarks>A revocation is for good, so the list only grows: a router that lost its state can't bring a stolen key back.</remarks>
public sealed class RevocationList
{
    /// <summary>At 33 bytes a line, a file of 2 MB; a site has some dozens of certificates a year.</summary>
    public const int Capacity = 65_536;

    private const string FileName = "revoked";

    // RFC 5280, section 4.1.2.2: at most 20 bytes.
    private const int MaxSerialBytes = 20;

    private readonly Lock _turn = new();
    private readonly string _path;
    private volatile FrozenSet<string> _serials;

    public RevocationList(NodePaths paths)
    {
        _path = Path.Combine(paths.State, FileName);
        _serials = (File.Exists(_path) ? File.ReadLines(_path) : []).Where(IsSerial).Take(Capacity).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Told after each addition, with what is new.</summary>
    internal event Action<IReadOnlyCollection<string>>? Added;

    public int Count => _serials.Count;

    /// <summary>As this list has it: big endian in lower-case hex, without leading zeros.</summary>
    public static string SerialOf(X509Certificate2 certificate) => SerialOf(certificate.SerialNumberBytes.Span);

    /// <summary>The same for bytes as a message has them.</summary>
    public static string SerialOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes.TrimStart((byte)0));

    /// <summary>True for what <see cref="SerialOf(X509Certificate2)"/> gives.</summary>
    public static bool IsSerial(string text) => text.Length is > 0 and <= MaxSerialBytes * 2 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigitLower);

    public bool Contains(string serial) => _serials.Contains(serial);

    /// <summary>On the medium when it returns; false when there is no room.</summary>
    public bool TryAdd(IEnumerable<string> serials)
    {
        List<string> added;
        lock (_turn)
        {
            added = [.. serials.Where(IsSerial).Distinct(StringComparer.Ordinal).Where(serial => !_serials.Contains(serial))];
            if (added.Count == 0)
            {
                return true;
            }

            if (_serials.Count + added.Count > Capacity)
            {
                return false;
            }

            var all = _serials.Concat(added).Order(StringComparer.Ordinal).ToList();
            DurableFile.Replace(_path, Encoding.ASCII.GetBytes(string.Concat(all.Select(serial => serial + "\n"))));
            _serials = all.ToFrozenSet(StringComparer.Ordinal);
        }

        Added?.Invoke(added);
        return true;
    }
}
