using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Appliance.Commands;
using Appliance.Hosting.Identity;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Commands;

public sealed class PkiCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void Authority_is_made_and_a_second_one_refused()
    {
        var first = Run("pki", "init", Authority, "--site", "home");
        var second = Run("pki", "init", Authority, "--site", "home");

        Assert.Equal((0, 1), (first, second));
        Assert.Equal($"{Authority}/ca.crt is already there and is not overwritten; move it away or name another folder.{Environment.NewLine}", _error.ToString());
    }

    [Fact]
    public void Person_gets_a_certificate_beside_the_authority()
    {
        Run("pki", "init", Authority, "--site", "home");

        var code = Run("pki", "issue", Authority, "--kind", "operator", "--name", "alice", "--days", "7");

        Assert.Equal(0, code);
        using var certificate = X509Certificate2.CreateFromPemFile($"{Authority}/alice.crt", $"{Authority}/alice.key");
        Assert.True(PeerIdentity.TryParse(certificate, out var identity));
        Assert.Equal("spiffe://home/operator/alice", identity.ToString());
        Assert.InRange(certificate.NotAfter - certificate.NotBefore, TimeSpan.FromDays(7), TimeSpan.FromDays(7.1));
    }

    [Fact]
    public void Node_gets_a_folder_of_its_own()
    {
        Run("pki", "init", Authority, "--site", "home");

        var code = Run("pki", "issue", Authority, "--kind", "node", "--name", "node1", "--role", "router", "--out", _folder.File("node"), "--host", "gw.lan");

        Assert.Equal(0, code);
        Assert.Equal(["ca.crt", "node.crt", "node.key"], Directory.GetFiles(_folder.File("node")).Select(Path.GetFileName).Order());
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(_folder.File("node/node.crt"));
        Assert.True(certificate.MatchesHostname("gw.lan"));
    }

    [Fact]
    public void Result_is_one_json_object_when_asked_for()
    {
        Run("pki", "init", Authority, "--site", "home");
        _output.GetStringBuilder().Clear();

        Run("pki", "issue", Authority, "--kind", "reader", "--name", "bob", "--format", "json");

        using var result = JsonDocument.Parse(_output.ToString());
        Assert.Equal("spiffe://home/reader/bob", result.RootElement.GetProperty("identity").GetString());
        Assert.Equal($"{Authority}/bob.key", result.RootElement.GetProperty("key").GetString());
        Assert.True(result.RootElement.GetProperty("expire_time").TryGetDateTimeOffset(out _));
    }

    [Theory]
    [InlineData("pki init DIR", "Option '--site' is required.")]
    [InlineData("pki init DIR --site Home!", "--site is 'Home!'; it takes 1 to 63 of a-z, 0-9 and '-'.")]
    [InlineData("pki issue DIR --kind boss --name bob", "--kind is 'boss'; it takes one of node, admin, operator, reader, subscriber.")]
    [InlineData("pki issue DIR --kind reader --name Bob", "--name is 'Bob'; it takes 1 to 63 of a-z, 0-9 and '-', not '-' at an end.")]
    [InlineData("pki issue DIR --kind reader --name bob --role router", "--role is for kind node only; leave it out.")]
    [InlineData("pki issue DIR --kind reader --name bob --host gw", "--host is for kind node only; leave it out.")]
    [InlineData("pki issue DIR --kind node --name n --role gateway --out X", "--role is 'gateway'; it takes one of router, logger, detector, bmc.")]
    [InlineData("pki issue DIR --kind node --name n --role router", "Kind node takes --role and --out, --out is missing.")]
    [InlineData("pki issue DIR --kind node --name n --out X", "Kind node takes --role and --out, --role is missing.")]
    [InlineData("pki issue DIR --kind node --name n --role router --out X --host a_b/c", "--host is 'a_b/c'; it takes a DNS name or an IP address.")]
    [InlineData("pki issue DIR --kind reader --name bob --days 0", "--days is '0'; it takes 1 to 36500.")]
    [InlineData("pki issue DIR --kind reader --name bob --format xml", "--format is 'xml'; it takes table or json.")]
    public void Wrong_usage_is_told_before_anything_is_done(string line, string expected)
    {
        var parsed = NewRoot().Parse(line.Replace("DIR", Authority, StringComparison.Ordinal));

        Assert.Equal(expected, Assert.Single(parsed.Errors).Message);
        Assert.False(Directory.Exists(Authority));
    }

    [Fact]
    public void Folder_without_an_authority_is_one_line_of_error()
    {
        var code = Run("pki", "issue", _folder.Path, "--kind", "reader", "--name", "bob");

        Assert.Equal(1, code);
        Assert.Equal(
            $"{_folder.Path} holds no site authority (ca.crt and ca.key); make one with 'appliance pki init {_folder.Path} --site NAME'.{Environment.NewLine}",
            _error.ToString());
    }

    [Fact]
    public void Life_beyond_the_authoritys_is_refused()
    {
        Run("pki", "init", Authority, "--site", "home", "--days", "30");

        var code = Run("pki", "issue", Authority, "--kind", "reader", "--name", "bob");

        Assert.Equal(1, code);
        Assert.Contains("90 days, the authority has 30 left", _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists($"{Authority}/bob.key"));
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _folder.Dispose();
    }

    private string Authority => _folder.File("ca");

    private int Run(params string[] arguments) =>
        NewRoot().Parse(arguments).Invoke(new InvocationConfiguration { Output = _output, Error = _error, EnableDefaultExceptionHandler = false });

    private static RootCommand NewRoot() => new() { PkiCommand.Create() };
}
