using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Identity;

namespace Appliance.Hosting.Tests.Enrollment;

public sealed class EnrollmentTokenTests : IDisposable
{
    private readonly NodeFiles _files = new();

    [Fact]
    public void Token_says_who_may_ask_until_when_and_by_which_names_it_answers()
    {
        var end = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var made = EnrollmentToken.Make(PeerIdentity.OfNode("home", "node3", Role.Detector), end, ["192.168.1.3", "det.lan"]);

        var isRead = EnrollmentToken.TryRead(made.Write(_files.Authority), _files.Authority.Certificate, out var read);

        Assert.True(isRead);
        Assert.Equal(("spiffe://home/node/node3/detector", end, made.Id), (read!.Identity.ToString(), read.EndTime, read.Id));
        Assert.Equal(["192.168.1.3", "det.lan"], read.Hosts);
    }

    [Fact]
    public void No_two_tokens_are_the_same()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => EnrollmentToken.Make(PeerIdentity.OfNode("home", "node3", Role.Detector), DateTimeOffset.UnixEpoch, []).Id);

        Assert.Equal(100, ids.Distinct().Count());
    }

    [Fact]
    public void Character_that_was_changed_anywhere_is_refused()
    {
        var good = _files.Token();

        var taken = Enumerable.Range(0, good.Length).Where(place => IsRead($"{good[..place]}{Other(good[place])}{good[(place + 1)..]}"));

        Assert.Empty(taken);
    }

    [Fact]
    public void Token_that_was_cut_or_lengthened_is_refused()
    {
        var good = _files.Token();

        var taken = Enumerable.Range(0, good.Length).Select(length => good[..length])
            .Concat([good + "A", good + "=", good + ".", "." + good, good + "." + good, good + " ", new string('A', 4097)])
            .Where(IsRead);

        Assert.Empty(taken);
    }

    [Fact]
    public void Token_of_another_authority_is_refused()
    {
        using var other = new NodeFiles();

        Assert.False(IsRead(other.Token()));
    }

    [Fact]
    public void What_the_authority_signed_for_another_purpose_is_no_token()
    {
        var claims = _files.Token().Split('.')[0];
        var signature = System.Buffers.Text.Base64Url.EncodeToString(_files.Authority.Sign(System.Text.Encoding.ASCII.GetBytes(claims)));

        Assert.False(IsRead($"{claims}.{signature}"));
    }

    public void Dispose() => _files.Dispose();

    private bool IsRead(string text) => EnrollmentToken.TryRead(text, _files.Authority.Certificate, out _);

    // The next letter of base64url, so that its lowest bits change as well.
    private static char Other(char letter) => letter switch
    {
        'Z' => 'a',
        'z' => '0',
        '9' => '-',
        '-' => '_',
        '_' => 'A',
        '.' => 'A',
        _ => (char)(letter + 1),
    };
}
