using System.Net;
using System.Text;
using Appliance.Bmc.Simulation;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Simulation.Facts;

/// <summary>One fact of the board: its topic, the profiles that it holds for, and how it shows. Steps of the board take no time, and the clock stands.</summary>
internal sealed record Fact(string Topic, string Profiles, string Says, Func<TestBoard, FakeTimeProvider, Task> Check)
{
    public const string Secure = "2.0.5 2.3.4 2.3.7";
    public const string Newer = "2.3.4 2.3.7";
    public const string Ok = """{"response":[{"result":"ok"}]}""";

    private const string Json = "application/json";

    /// <summary>Calls before the last one are only made; each is a method, a target and perhaps a body, divided by " ; ".</summary>
    public static Fact Enveloped(string topic, string profiles, string calls, string result, int status = 200) =>
        Answer(topic, profiles, calls, status, Json, $$"""{"response":[{"result":{{result}}}]}""");

    public static Fact Refused(string topic, string profiles, string calls, int status, string text) =>
        Enveloped(topic, profiles, calls, $"\"{text}\"", status);

    /// <summary>The body as it is, or as an expression after "~".</summary>
    public static Fact Answer(string topic, string profiles, string calls, int status, string? mediaType, string body) =>
        new(topic, profiles, calls, async (board, _) =>
        {
            var steps = calls.Split(" ; ");
            foreach (var step in steps[..^1])
            {
                (await SendAsync(board, step)).Dispose();
            }

            using var reply = await SendAsync(board, steps[^1]);
            var text = await ReadAsync(reply);
            Assert.Equal(((HttpStatusCode)status, mediaType), (reply.StatusCode, reply.Content.Headers.ContentType?.MediaType));
            if (body.StartsWith('~'))
            {
                Assert.Matches(body[1..], text);
            }
            else
            {
                Assert.Equal(body, text);
            }
        });

    /// <summary>The handler panics, or the daemon goes: the connection ends without an answer, and the board lives on.</summary>
    public static Fact Dropped(string topic, string profiles, string call) => new(topic, profiles, call, async (board, _) =>
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(board, call));
        Assert.Equal(HttpStatusCode.OK, (await board.GetAsync("opt=get&type=power")).Status);
    });

    public static Task<HttpResponseMessage> SendAsync(TestBoard board, string call)
    {
        var parts = call.Split(' ', 3);
        var target = parts[1].StartsWith('?') ? "/api/bmc" + parts[1] : parts[1];
        var request = new HttpRequestMessage(new HttpMethod(parts[0]), target)
        {
            Content = parts.Length > 2 ? new StringContent(parts[2], Encoding.UTF8, "application/json") : null,
        };
        return board.Raw.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static Task<string> ReadAsync(HttpResponseMessage reply) => reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public static BoardProfile Profile(string name) => BoardProfiles.Find(name) ?? throw new ArgumentException(name, nameof(name));

    public override string ToString() => $"{Topic}: {Says}";
}
