"""Who gets what at every address and method: one line each, one column per reader.

The things behind the addresses belong to Fjordsida: its nurse and leader are `nurse` and `lead`; `nurse2` and `lead2` are Sentrum's.
`mate` is another nurse of Fjordsida; drafts belong to `nurse`. `tablet` is an enrolled device with its own token only, `hers` the same with
the nurse's session token. A cell is what the answer's status must be; `login` = to the log-in page. After a cell:
`+` = and a row in the access log says so; every 403 and 404 of somebody who is logged in leaves a row of a refusal, but for `-`:
nothing of anybody's is behind that address.
`lookup` is nurse2's on somebody of Fjordsida. Who has a look-up on {person} gets what nurse2 gets, but for LOOKING.
What changes something stands after what only reads, and the columns that may change come last.
"""

COLUMNS = ("nobody", "tablet", "hers", "stat", "jour", "admin", "nurse2", "lead2", "mate", "nurse", "lead")

TABLE = """
#                                              nobody tablet hers   stat   jour   admin  nurse2 lead2  mate   nurse  lead
GET    /                                        login  login  login  302    302    302    302    302    302    302    302
GET    /login                                   200    200    200    302    302    302    302    302    302    302    302
GET    /login/oidc                              404    404    404    404-   404-   404-   404-   404-   404-   404-   404-
GET    /login/oidc/answer                       404    404    404    404-   404-   404-   404-   404-   404-   404-   404-
GET    /healthz                                 200    200    200    200    200    200    200    200    200    200    200
GET    /manifest.webmanifest                    200    200    200    200    200    200    200    200    200    200    200
GET    /shell.html                              200    200    200    200    200    200    200    200    200    200    200
GET    /shell.json                              200    200    200    200    200    200    200    200    200    200    200
GET    /shell.pack                              200    200    200    200    200    200    200    200    200    200    200
GET    /shell.later.pack                        200    200    200    200    200    200    200    200    200    200    200
GET    /worker.js                               200    200    200    200    200    200    200    200    200    200    200
GET    /static/css/app.css                      200    200    200    200    200    200    200    200    200    200    200
GET    /sw/store.js                             200    200    200    200    200    200    200    200    200    200    200
GET    /device/modules/none.js                  404    404    404    404-   404-   404-   404-   404-   404-   404-   404-
GET    /account                                 login  login  login  200    200    200    200    200    200    200    200
GET    /account/password                        login  login  login  200    200    200    200    200    200    200    200
GET    /login/password                          login  login  login  302    302    302    302    302    302    302    302
GET    /account/second                          login  login  login  200    200    200    200    200    200    200    200
GET    /login/second                            login  login  login  302    302    302    302    302    302    302    302
GET    /login/second/new                        login  login  login  302    302    302    302    302    302    302    302
GET    /staff                                   login  login  login  403    403    200    403    403    403    403    403
GET    /staff/new                               login  login  login  403    403    200    403    403    403    403    403
GET    /staff/{user}                            login  login  login  403    403    200    403    403    403    403    403
GET    /staff/{none}                            login  login  login  403    403    404    403    403    403    403    403
GET    /enrol                                   login  login  login  403    403    403    200    200    200    200    200
GET    /rescue                                  login  login  login  403    403    200    403    200    403    403    200
GET    /device/enrolment                        401    200    200    401    401    401    401    401    401    401    401
GET    /round                                   login  login  login  403    403    403    200+   200+   200+   200+   200+
GET    /round/people                            login  login  login  403    403    403    200+   200+   200+   200+   200+
GET    /round/people/{person}                   login  login  login  403    403    403    404    404    200+   200+   200+
GET    /round/people/{none}                     login  login  login  403    403    403    404    404    404    404    404
GET    /round/checks/{check}                    login  login  login  403    403    403    404    404    200+   200+   200+
GET    /round/checks/{draft}                    login  login  login  403    403    403    404    404    404    200+   404
GET    /round/checks/{none}                     login  login  login  403    403    403    404    404    404    404    404
GET    /round/event                             login  login  login  403    403    403    200+   200+   200+   200+   200+
GET    /round/sent                              login  login  login  403    403    403    200+   200+   200+   200+   200+
GET    /round/shift                             login  login  login  403    403    403    200+   200+   200+   200+   200+
GET    /round/device                            login  login  login  403    403    403    200    200    200    200    200
GET    /round/about/prove                       login  login  login  403    403    403    200    200    200    200    200
GET    /review                                  login  login  login  403    403    403    403    200+   403    403    200+
GET    /review/flags                            login  login  login  403    403    403    403    200+   403    403    200+
GET    /review/coverage                         login  login  login  200+   403    403    403    200+   403    403    200+
GET    /measures                                login  login  login  200+   403    403    403    200+   403    403    200+
GET    /measures/one                            login  login  login  404-   403    403    403    404-   403    403    404-
GET    /summary                                 login  login  login  403    403    403    403    200+   403    403    200+
GET    /improvement                             login  login  login  403    403    403    403    200+   403    403    200+
GET    /improvement/new                         login  login  login  403    403    403    403    200    403    403    200
GET    /improvement/{project}                   login  login  login  403    403    403    403    404    403    403    200+
GET    /improvement/{none}                      login  login  login  403    403    403    403    404    403    403    404
GET    /improvement/{project}/new?kind=aim      login  login  login  403    403    403    403    404    403    403    200
GET    /improvement/items/{project}             login  login  login  403    403    403    403    404    403    403    200
GET    /measures/one/point                      login  login  login  404-   403    403    403    404-   403    403    404-
GET    /measures/one/file.csv                   login  login  login  404-   403    403    403    404-   403    403    404-
GET    /measures/import                         login  login  login  403    403    403    403    200+   403    403    200+
GET    /measures/report                         login  login  login  200+   403    403    403    200+   403    403    200+
GET    /measures/year                           login  login  login  200+   403    403    403    200+   403    403    200+
GET    /measure-tokens                          login  login  login  403    403    200    403    200    403    403    200
GET    /api/measures                            401    401    401    401    401    401    401    401    401    401    401
GET    /leadership/board                        login  login  login  403    403    403    403    200+   403    403    200+
GET    /leadership/board/list                   login  login  login  403    403    403    403    200+   403    403    200+
GET    /leadership/board/links                  login  login  login  403    403    403    403    200    403    403    200
GET    /screen                                  404    404    404    404-   404-   404-   404-   404-   404-   404-   404-
GET    /screen/list                             200    200    200    200    200    200    200    200    200    200    200
GET    /screen/{none}                           404    404    404    404-   404-   404-   404-   404-   404-   404-   404-
GET    /leadership/cross                        login  login  login  403    403    403    403    200+   403    403    200+
GET    /leadership/visits                       login  login  login  403    403    403    403    200+   403    403    200+
GET    /leadership/visits/new                   login  login  login  403    403    403    403    200    403    403    200
GET    /leadership/visits/{project}             login  login  login  403    403    403    403    404    403    403    404
GET    /network                                login  login  login  403    403    403    403    200+   403    403    200+
GET    /network/new                            login  login  login  403    403    403    403    200    403    403    200
GET    /network/joining                        login  login  login  403    403    403    403    200    403    403    200
GET    /network/{network}                      login  login  login  403    403    403    403    404    403    403    200+
GET    /network/{none}                         login  login  login  403    403    403    403    404    403    403    404
GET    /network/{network}/teams                login  login  login  403    403    403    403    404    403    403    200+
GET    /network/{network}/posts                login  login  login  403    403    403    403    404    403    403    200
GET    /network/{network}/files/{file}         login  login  login  403    403    403    403    404    403    403    200+
GET    /network/{network}/files/{none}         login  login  login  403    403    403    403    404    403    403    404
GET    /review/devices                          login  login  login  403    403    200    403    200    403    403    200
GET    /devices/codes                           login  login  login  403    403    200    403    200    403    403    200
GET    /devices/{device}                        login  login  login  403    403    200    403    404    403    403    200
GET    /devices/{none}                          login  login  login  403    403    404    403    404    403    403    404
GET    /review/people                           login  login  login  403    403    403    403    200+   403    403    200+
GET    /review/people/{person}                  login  login  login  403    403    403    403    404    403    403    200+
GET    /review/checks/{check}                   login  login  login  403    403    403    403    404    403    403    200+
GET    /review/photos/{photo}                   login  login  login  403    403    403    403    404    403    403    404
GET    /review/photos/{picture}                 login  login  login  403    403    403    403    404    403    403    200+
GET    /review/quarantine                       login  login  login  403    403    403    403    200+   403    403    200+
GET    /review/quarantine/{envelope}            login  login  login  403    403    403    403    404    403    403    200+
GET    /journal                                 login  login  login  403    200+   403    403    403    403    403    403
GET    /journal/whole                           login  login  login  403    200+   403    403    403    403    403    403
GET    /journal/log.csv                         login  login  login  403    200+   403    403    403    403    403    403
GET    /journal/people                          login  login  login  403    200    403    403    403    403    403    403
GET    /journal/people/{person}                 login  login  login  403    200+   403    403    403    403    403    403
GET    /journal/people/{none}                   login  login  login  403    404    403    403    403    403    403    403
GET    /journal/people/{person}/checks          login  login  login  403    200+   403    403    403    403    403    403
GET    /journal/people/{none}/checks            login  login  login  403    404    403    403    403    403    403    403
GET    /journal/checks/{check}                  login  login  login  403    200+   403    403    403    403    403    403
GET    /journal/checks/{none}                   login  login  login  403    404    403    403    403    403    403    403
GET    /journal/unusual                         login  login  login  403    200+   403    403    403    403    403    403
GET    /lookups                                 login  login  login  403    403    403    200+   200+   200+   200+   200+
GET    /review/lookups                          login  login  login  403    403    403    403    200+   403    403    200+
GET    /sync/keys                               401    200    200    401    401    401    401    401    401    401    401
GET    /sync/photos/{hash}                      401    200    200    401    401    401    401    401    401    401    401
POST   /round/people                            login  login  login  403    403    403    200+   200+   200+   200+   200+
POST   /round/event                             login  login  login  403    403    403    200+   200+   200+   200+   200+
POST   /devices/codes/{none}/withdrawal         login  login  login  403    403    404    403    404    403    403    404
POST   /review/people                           login  login  login  403    403    403    403    200+   403    403    200+
POST   /journal/people                          login  login  login  403    200+   403    403    403    403    403    403
POST   /sync/keys                               401    200    200    401    401    401    401    401    401    401    401
POST   /sync/snapshot                           401    401    200+   401    401    401    401    401    401    401    401
POST   /sync/photos/{hash}                      401    400    400    401    401    401    401    401    401    401    401
POST   /sync/envelopes                          401    200    200    401    401    401    401    401    401    401    401
POST   /device/vaults                           401    401    401    403    403    403    409    409    409    409    409
POST   /device/vaults/reopen                    401    401    401    403    403    403    409    409    409    409    409
POST   /device/return                           401    401    401    403    403    403    400    400    400    400    400
POST   /device/session                          401    401    401    403    403    403    409    409    409    409    409
POST   /account/language                        login  login  login  302    302    302    302    302    302    302    302
POST   /account/passkeys/question               login  login  login  200    200    200    200    200    200    200    200
POST   /account/passkeys                        login  login  login  422    422    422    422    422    422    422    422
POST   /account/passkeys/{none}/removal         login  login  login  302    302    302    302    302    302    302    302
POST   /account/sessions/{none}/end             login  login  login  302    302    302    302    302    302    302    302
POST   /login/passkey/question                  200    200    200    200    200    200    200    200    200    200    200
POST   /login/passkey                           422+   422+   422+   422+   422+   422+   422+   422+   422+   422+   422+
POST   /login/password                          login  login  login  302    302    302    302    302    302    302    302
POST   /account/password                        login  login  login  422+   422+   422+   422+   422+   422+   422+   422+
POST   /account/second                          login  login  login  422    422    422    422    422    422    422    422
POST   /account/second/codes                    login  login  login  422    422    422    422    422    422    422    422
POST   /account/second/removal                  login  login  login  303+   303+   303+   303+   303+   303+   303+   303+
POST   /login/second                            login  login  login  302    302    302    302    302    302    302    302
POST   /login/second/new                        login  login  login  302    302    302    302    302    302    302    302
POST   /staff/{user}/second-factor/removal      login  login  login  403    403    422    403    403    403    403    403
POST   /staff                                   login  login  login  403    403    200    403    403    403    403    403
POST   /staff/new                               login  login  login  403    403    422    403    403    403    403    403
POST   /staff/{user}                            login  login  login  403    403    422    403    403    403    403    403
POST   /staff/{user}/closing                    login  login  login  403    403    422    403    403    403    403    403
POST   /staff/{user}/reopening                  login  login  login  403    403    422    403    403    403    403    403
POST   /staff/{user}/log-out                    login  login  login  403    403    422    403    403    403    403    403
POST   /staff/{user}/home                       login  login  login  403    403    303+   403    403    403    403    403
POST   /staff/{user}/password                   login  login  login  403    403    422    403    403    403    403    403
POST   /staff/{user}/link                       login  login  login  403    403    404-   403    403    403    403    403
POST   /measures/one/decisions                  login  login  login  403    403    403    403    404-   403    403    404-
POST   /measures/one/decisions/{none}/undoing   login  login  login  403    403    403    403    404-   403    403    404-
POST   /measures/import/preview                 login  login  login  403    403    403    403    422+   403    403    422+
POST   /measures/import                         login  login  login  403    403    403    403    422+   403    403    422+
POST   /measures/import/{none}/undoing          login  login  login  403    403    403    403    404    403    403    404
POST   /measure-tokens                          login  login  login  403    403    422    403    422    403    403    422
POST   /measure-tokens/{none}/revocation        login  login  login  403    403    404    403    404    403    403    404
POST   /login                                   422    422    422    422    422    422    422    422    422    422    422
POST   /rescue                                  login  login  login  403    403    422    403    422    403    403    422
POST   /round/people/{person}/checks            login  login  login  403    403    403    404    404    200+   200+   200+
POST   /round/checks/{draft}/answers            login  login  login  403    403    403    404    404    404    200    404
POST   /round/checks/{newest}/correction        login  login  login  403    403    403    404    404    200+   200+   200+
POST   /round/checks/{draft}/discard            login  login  login  403    403    403    404    404    404    200+   404
POST   /round/checks/{draft}                    login  login  login  403    403    403    404    404    404    200+   200+
POST   /review/quarantine                       login  login  login  403    403    403    403    422+   403    403    422+
POST   /review/quarantine/{envelope}            login  login  login  403    403    403    403    404    403    403    200+
POST   /review/quarantine/{envelope}/decision   login  login  login  403    403    403    403    404    403    403    303+
POST   /improvement/new                         login  login  login  403    403    403    403    303+   403    403    303+
POST   /improvement/{project}/new?kind=aim      login  login  login  403    403    403    403    404    403    403    303+
POST   /improvement/items/{project}             login  login  login  403    403    403    403    404    403    403    422
POST   /improvement/items/{project}/undo        login  login  login  403    403    403    403    404    403    403    422
POST   /improvement/items/{project}/removal     login  login  login  403    403    403    403    404    403    403    422
POST   /summary/addresses                       login  login  login  403    403    403    403    422    403    403    422
POST   /summary/addresses/{none}/withdrawal     login  login  login  403    403    403    403    404    403    403    404
POST   /leadership/board/names                  login  login  login  403    403    403    403    303    403    403    303
POST   /leadership/board/links                  login  login  login  403    403    403    403    422    403    403    422
POST   /leadership/board/links/{none}/withdrawal login login  login  403    403    403    403    404    403    403    404
POST   /measures/year/texts                     login  login  login  403    403    403    403    422    403    403    422
POST   /leadership/cross                        login  login  login  403    403    403    403    422    403    403    422
POST   /leadership/cross/undo                   login  login  login  403    403    403    403    422    403    403    422
POST   /leadership/visits/new                   login  login  login  403    403    403    403    422    403    403    422
POST   /network/new                            login  login  login  403    403    403    403    303+   403    403    303+
POST   /network/joining                        login  login  login  403    403    403    403    422+   403    403    422+
POST   /network/{network}/code                 login  login  login  403    403    403    403    404    403    403    303+
POST   /network/{network}/leaving              login  login  login  403    403    403    403    404    403    403    303
POST   /network/{network}/posts                login  login  login  403    403    403    403    404    403    403    303+
POST   /network/{network}/files/{none}/removal login  login  login  403    403    403    403    404    403    403    404
POST   /network/{network}/files/{file}/removal login  login  login  403    403    403    403    404    403    403    303+
POST   /review/flags/{flag}/owner               login  login  login  403    403    403    403    404    403    403    200+
POST   /review/flags/{flag}/closing             login  login  login  403    403    403    403    404    403    403    200+
POST   /review/flags/{flag}/reopening           login  login  login  403    403    403    403    404    403    403    200+
POST   /devices/codes                           login  login  login  403    403    201+   403    422    403    403    201+
POST   /devices/codes/{code}/withdrawal         login  login  login  403    403    303+   403    404    403    403    422
POST   /devices/{device}/name                   login  login  login  403    403    303+   403    404    403    403    303+
POST   /devices/{device}/unit                   login  login  login  403    403    422    403    404    403    403    422
POST   /devices/{device}/revocation             login  login  login  403    403    422    403    404    403    403    422
POST   /device/enrolment                        401    401    401    403    403    403    200+   200+   200+   200+   200+
POST   /journal/checks/{check}/decision         login  login  login  403    422    403    403    403    403    403    403
POST   /journal/unusual                         login  login  login  403    422    403    403    403    403    403    403
POST   /review/lookups/{lookup}/review          login  login  login  403    403    403    403    404    403    403    303+
POST   /lookups/{lookup}/end                    login  login  login  403    403    403    303+   404    404    404    404
POST   /lookups                                 login  login  login  403    403    403    303+   303+   422+   422+   422+
DELETE /device/session                          401    401    204+   401    401    401    401    401    401    401    401
POST   /logout                                  login  login  login  login+ login+ login+ login+ login+ login+ login+ login+
"""

LOOKING = {
    "GET /round/people/{person}": "200+", "GET /round/checks/{check}": "200+",
    "POST /round/people/{person}/checks": "200+", "POST /round/checks/{newest}/correction": "200+",
    "POST /lookups": "422+",
}  # fmt: skip
