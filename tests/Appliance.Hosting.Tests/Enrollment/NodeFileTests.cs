using System.Text;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Errors;

namespace Appliance.Hosting.Tests.Enrollment;

public sealed class NodeFileTests : IDisposable
{
    private readonly NodeFiles _files = new();

    [Theory]
    [InlineData(Role.Logger)]
    [InlineData(Role.Router)]
    public void File_is_read_as_it_was_signed_also_with_an_images_padding(Role role)
    {
        var signed = Sign(role == Role.Router ? _files.Router() : _files.Logger());

        var padded = NodeFileText.WritePadded(signed);
        var read = NodeFileSignature.Read(padded);

        Assert.Equal(NodeFile.MaxLength, padded.Length);
        Assert.Equal(Text(signed), Text(read));
    }

    [Fact]
    public void Place_that_an_image_keeps_is_empty_until_a_file_is_laid_over_it()
    {
        var place = new byte[NodeFile.MaxLength];
        place.AsSpan().Fill((byte)' ');
        var isEmptyBefore = NodeFileText.IsEmpty(place);

        NodeFileText.Write(Sign(_files.Logger())).CopyTo(place, 0);

        Assert.True(isEmptyBefore);
        Assert.False(NodeFileText.IsEmpty(place));
        Assert.Equal("node2", NodeFileSignature.Read(place).Name);
    }

    [Fact]
    public void Keys_in_another_order_with_line_breaks_between_are_the_same_file()
    {
        var text = Text(Sign(_files.Logger()));

        var read = NodeFileSignature.Read(Encoding.UTF8.GetBytes(text.Replace("\"schema\":1,\"site\":\"home\",", "\n\"site\" : \"home\",\n\"schema\" : 1,\n", StringComparison.Ordinal)));

        Assert.Equal(text, Text(read));
    }

    [Theory]
    [InlineData(Role.Logger)]
    [InlineData(Role.Router)]
    public void Byte_that_was_changed_anywhere_is_refused(Role role)
    {
        var good = NodeFileText.Write(Sign(role == Role.Router ? _files.Router() : _files.Logger()));

        var taken = Enumerable.Range(0, good.Length * 2).Where(place => IsTaken(Flipped(good, place / 2, (byte)(place % 2 == 0 ? 0x01 : 0x80))));

        Assert.Empty(taken);
    }

    [Fact]
    public void File_that_was_cut_anywhere_is_refused()
    {
        var good = NodeFileText.Write(Sign(_files.Logger()));

        var taken = Enumerable.Range(0, good.Length).Where(length => IsTaken(good[..length]));

        Assert.Empty(taken);
    }

    [Fact]
    public void Noise_is_refused_and_never_more_than_refused()
    {
        var random = new Random(7);
        var good = NodeFileText.Write(Sign(_files.Logger()));

        var taken = Enumerable.Range(0, 5_000).Where(_ => IsTaken(Mutated(good, random))).ToList();

        Assert.Empty(taken);
    }

    [Fact]
    public void File_of_another_authority_is_refused_though_it_names_the_same_site()
    {
        using var other = new NodeFiles();
        var forged = _files.Logger() with { Signature = Sign(other.Logger()).Signature };

        var error = Assert.Throws<InvalidInputException>(() => NodeFileSignature.Read(NodeFileText.Write(forged)));

        Assert.Contains("does not fit the rest of the file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_is_too_long_is_told_with_both_values()
    {
        var error = Assert.Throws<InvalidInputException>(() => NodeFileText.Parse(new byte[NodeFile.MaxLength + 1]));

        Assert.Equal("node file: has 65537 bytes; it takes at most 65536.", error.Message);
    }

    [Theory]
    [InlineData("\"name\":\"node2\"", "\"name\":\"Node 2\"", "name: is 'Node 2'; it takes 1 to 63 of a-z, 0-9 and '-', not '-' at an end. token: is 'spiffe://home/node/node2/logger'; it takes one for spiffe://home/node/Node 2/logger.")]
    [InlineData("\"role\":\"logger\"", "\"role\":\"printer\"", "role: is 'printer'; it takes one of router, logger, detector, bmc.")]
    [InlineData("\"192.168.1.2/24\"", "\"192.168.1.2\"", "addresses: is '192.168.1.2'; it takes 'dhcp', or addresses with their prefix such as 192.168.1.2/24.")]
    [InlineData("\"192.168.1.2/24\"", "\"dhcp\"", "addresses: has 2 entries; it takes 'dhcp' alone, or addresses such as 192.168.1.2/24.")]
    [InlineData("\"gateway\":\"192.168.1.1\"", "\"gateway\":\"192.168.1\"", "gateway: is '192.168.1'; it takes an IP address, for example 192.168.1.1.")]
    [InlineData("\"id\":20", "\"id\":10", "vlans: has 10 2 times; once is enough.")]
    [InlineData("\"id\":20", "\"id\":4095", "vlans.id: is '4095'; it takes 1 to 4094.")]
    [InlineData("\"interface\":\"end0\"", "\"interface\":\"end0\\n[Network]\"", "interface: is 'end0?[Network]'; it takes the name of a network port, 1 to 15 letters, digits, '.', '_', '-' or '*'.")]
    [InlineData("\"interface\":\"end0\"", "\"interface\":\"end*\"", "interface: is 'end*'; it takes the name of one port beside vlans, which are on it.")]
    [InlineData("\"interface\":\"end0\"", "\"interface\":\"enp129s0f0np0\"", "vlans: is 'enp129s0f0np0.10'; it takes a port with a shorter name: the device of a tagged network has at most 15 characters. vlans: is 'enp129s0f0np0.20'; it takes a port with a shorter name: the device of a tagged network has at most 15 characters.")]
    [InlineData("\"router\":\"192.168.1.1\"", "\"router\":\"a b\"", "router: is 'a b'; it takes the host name or address of the site's router.")]
    [InlineData("\"Logger:Mqtt:Port\"", "\"Node:Site\"", "settings: is 'Node:Site'; it takes keys such as Router:Response:Mode, and none that the file itself names.")]
    [InlineData("\"site\":\"home\"", "\"site\":\"work\"", "site: is 'work'; it takes the authority's, 'home'. token: is 'spiffe://home/node/node2/logger'; it takes one for spiffe://work/node/node2/logger.")]
    [InlineData("\"role\":\"logger\"", "\"role\":\"detector\"", "token: is 'spiffe://home/node/node2/logger'; it takes one for spiffe://home/node/node2/detector.")]
    [InlineData("\"schema\":1", "\"schema\":2", "schema: is '2'; this program reads 1; write the file with the program of the image's version.")]
    [InlineData("\"schema\":1", "\"schema\":1,\"colour\":\"red\"", "colour: is not known; the file may be of a later version than this program.")]
    [InlineData("\"gateway\":\"192.168.1.1\"", "\"gateway\":7", "gateway: is a number; it takes a text.")]
    [InlineData("\"gateway\":\"192.168.1.1\"", "\"gateway\":\"\\uD800\"", "node file: holds text that is no Unicode; write the file anew with 'appliance image node-file'.")]
    public void Fault_is_told_by_its_field_with_both_values_and_the_way_out(string found, string replaced, string expected)
    {
        var text = Text(Sign(_files.Logger()));
        Assert.Contains(found, text, StringComparison.Ordinal);

        var error = Assert.Throws<InvalidInputException>(() => NodeFileSignature.Read(Encoding.UTF8.GetBytes(text.Replace(found, replaced, StringComparison.Ordinal))));

        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public void Node_with_two_roles_has_a_token_for_each()
    {
        var read = NodeFileSignature.Read(NodeFileText.Write(Sign(_files.LoggerAndBmc())));

        Assert.Equal([Role.Logger, Role.Bmc], read.Roles);
        Assert.Equal("logger+bmc node2 of site home", $"{read}");
        Assert.Equal(
            [Role.Logger, Role.Bmc],
            read.Roles.Select(role => EnrollmentToken.TryRead(read.TokenOf(role), _files.Authority.Certificate, out var token) ? token.Role : Role.Router));
    }

    [Theory]
    [InlineData(Role.Router, Role.Router, "further_roles: is 'router'; it takes each of logger, detector and bmc once, and none that the node has already.")]
    [InlineData(Role.Logger, Role.Logger, "further_roles: is 'logger'; it takes each of logger, detector and bmc once, and none that the node has already.")]
    [InlineData(Role.Bmc, Role.Detector, "further_roles.token: is 'spiffe://home/node/node2/detector'; it takes one for spiffe://home/node/node2/bmc.")]
    public void Further_role_is_another_one_with_its_own_token(Role role, Role tokens, string expected)
    {
        var file = _files.Logger() with { FurtherRoles = [new FurtherRole(role, _files.Token(role: tokens))] };

        var error = Assert.Throws<InvalidInputException>(() => Sign(file));

        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public void Authoritys_key_goes_to_a_router_alone()
    {
        var withKey = Assert.Throws<InvalidInputException>(() => Sign(_files.Logger() with { AuthorityKey = _files.KeyPem }));
        var without = Assert.Throws<InvalidInputException>(() => Sign(_files.Router() with { AuthorityKey = "" }));
        using var other = new NodeFiles();
        var anothers = Assert.Throws<InvalidInputException>(() => Sign(_files.Router() with { AuthorityKey = other.KeyPem }));

        Assert.Equal(["authority_key", "authority_key", "authority_key"], new[] { withKey, without, anothers }.Select(error => error.Faults.Single().Field));
    }

    [Fact]
    public void Neither_key_nor_token_is_in_what_a_log_would_show()
    {
        var shown = $"{_files.Router()} {_files.Logger()}";

        Assert.Equal("router node1 of site home logger node2 of site home", shown);
    }

    public void Dispose() => _files.Dispose();

    private NodeFile Sign(NodeFile file) => NodeFileSignature.Sign(file, _files.Authority);

    private static string Text(NodeFile file) => Encoding.UTF8.GetString(NodeFileText.Write(file));

    private static bool IsTaken(byte[] bytes)
    {
        try
        {
            NodeFileSignature.Read(bytes);
            return true;
        }
        catch (InvalidInputException)
        {
            return false;
        }
    }

    private static byte[] Flipped(byte[] good, int place, byte bits)
    {
        var flipped = good.ToArray();
        flipped[place] ^= bits;
        return flipped;
    }

    // Some changes close together, or a piece of the file moved: what a parser is most likely to stumble over.
    private static byte[] Mutated(byte[] good, Random random)
    {
        var mutated = good.ToArray();
        var (from, length) = (random.Next(good.Length - 16), random.Next(1, 16));
        if (random.Next(2) == 0)
        {
            random.NextBytes(mutated.AsSpan(from, length));
        }
        else
        {
            good.AsSpan(random.Next(good.Length - length), length).CopyTo(mutated.AsSpan(from));
        }

        return mutated.AsSpan().SequenceEqual(good) ? good[..^1] : mutated;
    }
}
