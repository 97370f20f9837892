using Google.Protobuf;

namespace Appliance.Contract.Tests.Golden;

/// <summary>
/// Holds every field of the contract to the bytes that it was first written with, as programs out there have it.
/// If a test here fails, never change the committed bytes, and never this test: change the contract back, or make a v2 beside it.
/// </summary>
public sealed class GoldenBytesTests
{
    private const string NeverChange = "\nNever change the committed bytes: programs out there write and read them. Change the proto back; a field that must go is reserved by number and name, "
        + "and what must change becomes a new field, or a v2 (before 1.0 alone a line may leave together with its field).";

    public static TheoryData<string> Packages => [.. GoldenPackage.Names];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Field_is_written_and_read_as_it_was_committed(string package)
    {
        var breaks = string.Join('\n', new GoldenPackage(package).Breaks());

        Assert.True(breaks.Length == 0, breaks + NeverChange);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Every_field_has_committed_bytes(string package)
    {
        var missing = string.Join('\n', new GoldenPackage(package).MissingLines());

        Assert.True(missing.Length == 0, $"New in {package}; add at the end of {GoldenFile.NameOf(package)}, and change no other line:\n{missing}");
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Whole_message_of_each_kind_is_written_as_it_is_read(string package)
    {
        var golden = new GoldenPackage(package);

        Assert.All(golden.Messages, message =>
        {
            var whole = golden.WholeOf(message);
            Assert.Equal(Convert.ToHexStringLower(whole), Convert.ToHexStringLower(message.Parser.ParseFrom(whole).ToByteArray()));
        });
    }
}
